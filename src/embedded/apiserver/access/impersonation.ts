import type { ApiRequest } from '../http/request.ts'
import type { StatusError } from '../status-error.ts'
import { attributesOf, forbiddenAttributes, type Attributes, type ResourceAttributes } from './attributes.ts'
import { isPlain, wantedBy, type Wanted } from './impersonation-headers.ts'
import type { Rbac } from './rbac.ts'
import {
  accountGroups,
  accountOf,
  anonymous,
  authenticatedGroup,
  mastersGroup,
  nodeOf,
  unauthenticatedGroup,
  type User,
} from './user.ts'

/** One way of being let in, by verbs of its own. */
interface Mode {
  /** Empty for the oldest one, whose only verb is `impersonate`. */
  readonly name: string
  readonly applies: (wanted: Wanted, requester: User) => boolean
}

const core = ''
const authentication = 'authentication.k8s.io'
const nodeNameKey = 'authentication.kubernetes.io/node-name'
/** From this many on, one question for all of them is asked first. */
const many = 4

const modes: readonly Mode[] = [
  {
    name: 'associated-node',
    applies: (wanted, { username, extra }) =>
      isPlain(wanted) &&
      accountOf(username) !== undefined &&
      nodeOf(wanted.username) !== undefined &&
      extra?.[nodeNameKey]?.join() === nodeOf(wanted.username),
  },
  { name: 'arbitrary-node', applies: (wanted) => isPlain(wanted) && nodeOf(wanted.username) !== undefined },
  {
    name: 'serviceaccount',
    applies: (wanted) => isPlain(wanted) && accountOf(wanted.username) !== undefined,
  },
  {
    name: 'user-info',
    applies: ({ username }) => nodeOf(username) === undefined && accountOf(username) === undefined,
  },
  { name: '', applies: () => true },
]

/** Lets a request speak for someone else where its own user may: `--as` of kubectl. */
export class Impersonation {
  readonly #rbac: Rbac
  /** The mode that last let a user in; it is tried first, and its refusal is the one that is told. */
  readonly #lastModes = new Map<string, Mode>()

  constructor(rbac: Rbac) {
    this.#rbac = rbac
  }

  /**
   * Who the request speaks for: `requester`, unless its headers ask for someone else.
   * @throws StatusError 400 for groups, uid or extra without a user name, 403 when the requester may not
   */
  resolve(request: ApiRequest, requester: User): User {
    const wanted = wantedBy(request)
    if (wanted === undefined) return requester
    const last = this.#lastModes.get(requester.username)
    const order = last === undefined ? modes : [last, ...modes.filter((mode) => mode !== last)]
    const refusals: StatusError[] = []
    for (const mode of order.filter(({ applies }) => applies(wanted, requester))) {
      const problem = this.#problem(mode, wanted, requester, attributesOf(request))
      if (problem === undefined) {
        this.#lastModes.set(requester.username, mode)
        return identity(mode, wanted)
      }
      refusals.push(problem)
    }
    // The oldest mode always applies: there is one.
    throw refusals[0]
  }

  #problem({ name }: Mode, wanted: Wanted, requester: User, asked: Attributes): StatusError | undefined {
    const check = (attributes: Attributes): StatusError | undefined => {
      const { allowed, reason } = this.#rbac.authorize(requester, attributes)
      return allowed ? undefined : forbiddenAttributes(requester, attributes, reason)
    }
    if (name === '') return firstProblem(legacyQuestions(wanted), check)
    return (
      check({ ...asked, verb: `impersonate-on:${name}:${asked.verb}` }) ??
      constrainedProblem(name, wanted, requester, check)
    )
  }
}

type Check = (attributes: Attributes) => StatusError | undefined

function firstProblem(questions: readonly Attributes[], check: Check): StatusError | undefined {
  for (const question of questions) {
    const problem = check(question)
    if (problem !== undefined) return problem
  }
  return undefined
}

function constrainedProblem(
  mode: string,
  wanted: Wanted,
  requester: User,
  check: Check,
): StatusError | undefined {
  const verb = `impersonate:${mode}`
  const ask = question(verb)
  const refuse = (about: ResourceAttributes, why: string): StatusError =>
    forbiddenAttributes(requester, about, why)
  const named = constrainedName(mode, wanted.username, ask)
  const uid = wanted.uid === '' ? [] : [ask(authentication, 'uids', wanted.uid)]
  const first = firstProblem([named, ...uid], check)
  if (first !== undefined) return first
  const { groups } = wanted
  if (groups.includes('')) {
    return refuse(ask(authentication, 'groups', ''), 'impersonating the empty string group is not allowed')
  }
  if (groups.includes(mastersGroup)) {
    const why = `impersonating the ${mastersGroup} group is not allowed`
    return refuse(ask(authentication, 'groups', mastersGroup), why)
  }
  const allGroups = groups.length >= many && check(ask(authentication, 'groups', '*')) === undefined
  const asked = allGroups ? [] : groups.map((group) => ask(authentication, 'groups', group))
  return firstProblem(asked, check) ?? extraProblem(wanted, ask, check)
}

function extraProblem(wanted: Wanted, ask: Ask, check: Check): StatusError | undefined {
  const questions = extraQuestions(wanted, ask)
  const all = { ...ask(authentication, 'userextras', '*'), subresource: '*' }
  if (questions.length >= many && check(all) === undefined) return undefined
  return firstProblem(questions, check)
}

type Ask = (group: string, resource: string, name: string, namespace?: string) => ResourceAttributes

function question(verb: string): Ask {
  return (group, resource, name, namespace = '') => ({
    verb,
    group,
    resource,
    subresource: '',
    name,
    namespace,
  })
}

function constrainedName(mode: string, username: string, ask: Ask): ResourceAttributes {
  const node = nodeOf(username)
  if (node !== undefined) return ask(authentication, 'nodes', mode === 'associated-node' ? '*' : node)
  const account = accountOf(username)
  if (account === undefined) return ask(authentication, 'users', username)
  return ask(authentication, 'serviceaccounts', account.name, account.namespace)
}

function legacyQuestions(wanted: Wanted): ResourceAttributes[] {
  const ask = question('impersonate')
  const account = accountOf(wanted.username)
  return [
    account === undefined
      ? ask(core, 'users', wanted.username)
      : ask(core, 'serviceaccounts', account.name, account.namespace),
    ...(wanted.uid === '' ? [] : [ask(authentication, 'uids', wanted.uid)]),
    ...wanted.groups.map((group) => ask(core, 'groups', group)),
    ...extraQuestions(wanted, ask),
  ]
}

function extraQuestions({ extra }: Wanted, ask: Ask): ResourceAttributes[] {
  return Object.entries(extra).flatMap(([key, values]) =>
    values.map((value) => ({ ...ask(authentication, 'userextras', value), subresource: key })),
  )
}

/** The groups that go without saying are added: those of an account, and whether anyone has shown who he is. */
function identity(mode: Mode, { username, uid, groups, extra }: Wanted): User {
  const account = accountOf(username)
  const isNode = mode.name.endsWith('-node')
  const implied = isNode ? ['system:nodes'] : account === undefined ? [] : accountGroups(account.namespace)
  const own = groups.length === 0 ? implied : groups
  const isKnown = username !== anonymous.username
  const standing = isKnown ? authenticatedGroup : unauthenticatedGroup
  const isSaid = own.includes(standing) || own.includes(unauthenticatedGroup)
  return {
    username,
    ...(uid === '' ? {} : { uid }),
    groups: isSaid ? own : [...own, standing],
    ...(Object.keys(extra).length === 0 ? {} : { extra }),
  }
}
