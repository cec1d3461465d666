import { startEmbedded } from '../../src/embedded.ts'
import { nodeFaults } from '../helpers/node-faults.ts'

nodeFaults(startEmbedded)
