/** A kubeconfig with this one cluster in it. JSON strings are YAML strings. */
export function kubeconfigOf(cluster: {
  readonly server: string
  readonly ca: string
  readonly token: string
}): string {
  const ca = Buffer.from(cluster.ca).toString('base64')
  return `apiVersion: v1
kind: Config
clusters:
- name: sei-embedded
  cluster:
    server: ${JSON.stringify(cluster.server)}
    certificate-authority-data: ${ca}
users:
- name: sei-embedded
  user:
    token: ${JSON.stringify(cluster.token)}
contexts:
- name: sei-embedded
  context:
    cluster: sei-embedded
    user: sei-embedded
current-context: sei-embedded
`
}
