/** Counts requests as a real server's `apiserver_request_total` does, and by client beside. */
export class RequestMetrics {
  readonly #counts = new Map<string, number>()

  /** @param verb GET, LIST, WATCH, POST, PUT, PATCH, APPLY, DELETE, DELETECOLLECTION */
  count(labels: { verb: string; resource: string; client: string }): void {
    const key = `verb="${escape(labels.verb)}",resource="${escape(labels.resource)}",client="${escape(labels.client)}"`
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
  }

  /** In the Prometheus text format. */
  render(): string {
    const lines = [...this.#counts].map(([key, count]) => `apiserver_request_total{${key}} ${count}\n`)
    return [
      '# HELP apiserver_request_total Requests by verb, resource and first token of the User-Agent. Watches count as WATCH.\n',
      '# TYPE apiserver_request_total counter\n',
      ...lines,
    ].join('')
  }
}

function escape(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
