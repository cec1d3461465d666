import { recordAt, stringAt, type ApiObject } from '../object.ts'
import { ageSince } from './age.ts'
import { column, nameColumn, wide, type TableView } from './table-view.ts'

/** Events of the core group and of events.k8s.io, whose fields have other names for the same. */
export const eventTable: TableView = {
  columns: [
    column('Last Seen', 'Time since it was last seen.'),
    column('Type', 'Normal or Warning.'),
    column('Reason', 'Why it was recorded, in one word.'),
    column('Object', 'What it is about.'),
    wide('Subobject', 'Part of the object it is about.'),
    wide('Source', 'Who recorded it.'),
    column('Message', 'What happened.'),
    wide('First Seen', 'Time since it was first seen.'),
    wide('Count', 'How often it was seen.'),
    { ...nameColumn, priority: 1 },
  ],
  row(object, now) {
    const about = recordAt(object, object['involvedObject'] === undefined ? 'regarding' : 'involvedObject')
    const name = stringAt(about, 'name') ?? ''
    const kind = (stringAt(about, 'kind') ?? '').toLowerCase()
    return [
      lastSeen(object, now),
      stringAt(object, 'type') ?? '',
      stringAt(object, 'reason') ?? '',
      name === '' ? kind : `${kind}/${name}`,
      stringAt(about, 'fieldPath') ?? '',
      source(object),
      (stringAt(object, 'message') ?? stringAt(object, 'note') ?? '').trim(),
      firstSeen(object, now),
      count(object),
      object.metadata.name,
    ]
  },
}

function firstSeen(event: ApiObject, now: Date): string {
  return ageSince(event['firstTimestamp'] ?? event['deprecatedFirstTimestamp'] ?? event['eventTime'], now)
}

function lastSeen(event: ApiObject, now: Date): string {
  const series = recordAt(event, 'series')['lastObservedTime']
  const last = series ?? event['lastTimestamp'] ?? event['deprecatedLastTimestamp']
  return last === undefined || last === null ? firstSeen(event, now) : ageSince(last, now)
}

function count(event: ApiObject): number {
  const found = recordAt(event, 'series')['count'] ?? event['count'] ?? event['deprecatedCount']
  return typeof found === 'number' && found > 0 ? found : 1
}

function source(event: ApiObject): string {
  const given = recordAt(event, event['source'] === undefined ? 'deprecatedSource' : 'source')
  const component = stringAt(given, 'component') ?? stringAt(event, 'reportingComponent') ?? ''
  const host = stringAt(given, 'host') ?? stringAt(event, 'reportingInstance') ?? ''
  return host === '' || host === component ? component : `${component}, ${host}`
}
