/**
 * A module for a temp project: `request(method, path)` speaks to the API server of the run itself, as someone with kubectl
 * would, behind the harness's back. The way there is in the run's events.
 */
export const outsideHand = `
import { readdirSync, readFileSync } from 'node:fs'
import { request as send } from 'node:https'

const runs = '.sei/runs'

/** Looked for when it is needed: a test file may be loaded before its cluster is ready. */
function door() {
  const newest = readdirSync(runs).sort().at(-1)
  const events = readFileSync(runs + '/' + newest + '/events.jsonl', 'utf8').trim().split('\\n').map((line) => JSON.parse(line))
  const { detail } = events.findLast(({ type, state }) => type === 'cluster' && state === 'ready')
  const config = readFileSync(/--kubeconfig (\\S+)/.exec(detail)[1], 'utf8')
  const field = (name) => new RegExp(name + '"?: "?([^\\\\s",]+)').exec(config)?.[1]
  const pem = (name) => field(name) === undefined ? undefined : Buffer.from(field(name), 'base64').toString()
  return { field, pem }
}

export function request(method, path) {
  const { field, pem } = door()
  return new Promise((resolve, reject) => {
    const outgoing = send(field('server') + path, {
      method,
      ca: pem('certificate-authority-data'),
      cert: pem('client-certificate-data'),
      key: pem('client-key-data'),
      headers: { accept: 'application/json', ...(field('token') ? { authorization: 'Bearer ' + field('token') } : {}) },
    }, (answer) => {
      let text = ''
      answer.on('data', (chunk) => (text += chunk))
      answer.on('end', () => answer.statusCode < 300 ? resolve(JSON.parse(text)) : reject(new Error(text)))
    })
    outgoing.on('error', reject)
    outgoing.end()
  })
}

export const deletePod = (node) => request('DELETE', '/api/v1/namespaces/' + node.namespace + '/pods/' + node.name + '-0')
`
