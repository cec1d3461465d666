import { listAt } from '../object.ts'
import { ageSince } from './age.ts'
import { ageColumn, column, nameColumn, type TableView } from './table-view.ts'

/** MutatingWebhookConfiguration and ValidatingWebhookConfiguration. */
export const webhookTable: TableView = {
  columns: [nameColumn, column('Webhooks', 'How many webhooks it has.', 'integer'), ageColumn],
  row: (object, now) => [
    object.metadata.name,
    listAt(object, 'webhooks').length,
    ageSince(object.metadata.creationTimestamp, now),
  ],
}
