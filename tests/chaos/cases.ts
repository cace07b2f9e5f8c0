/** All that can be under way when something is killed. */
import type { ChaosCase } from './case.ts'
import { deleteCases } from './cases-delete.ts'
import { startCases } from './cases-start.ts'
import { stopCases } from './cases-stop.ts'
import { transferCases } from './cases-transfer.ts'

export const CASES: readonly ChaosCase[] = [...startCases, ...stopCases, ...deleteCases, ...transferCases]
