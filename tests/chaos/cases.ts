/** All that can be under way when something is killed. */
import { DESIRED } from '@matrixos/shared'
import type { ChaosCase } from './case.ts'
import { archiveCases } from './cases-archive.ts'
import { deleteCases } from './cases-delete.ts'
import { pauseCases } from './cases-pause.ts'
import { startCases } from './cases-start.ts'
import { stopCases } from './cases-stop.ts'
import { transferCases } from './cases-transfer.ts'
import { upgradeCases } from './cases-upgrade.ts'

const words: readonly string[] = DESIRED

export const CASES: readonly ChaosCase[] = [
  ...startCases,
  ...pauseCases,
  ...stopCases,
  ...deleteCases,
  ...transferCases,
  ...upgradeCases,
  ...(words.includes('archived') ? archiveCases : []),
]
