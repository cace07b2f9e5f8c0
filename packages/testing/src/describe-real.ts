/** Suites that need a real part: they run where it is, are skipped elsewhere, and fail where all parts must be. */
import { describe, test } from 'vitest'
import { missingParts, onlyWithParts, type PartName, partsMustBeThere, skipLine } from './required-parts.ts'

/** Looked for once in each test file that asks. */
const missing = await missingParts(process.env)

/**
 * `describe`, for suites that need these parts: none for those that run anywhere. `npm test` names each missing part
 * once; a bare vitest here.
 */
export function describeReal(needed: PartName[], name: string, body: () => void): void {
  const lacking = needed.filter((part) => missing.has(part))
  if (needed.length === 0 && onlyWithParts(process.env)) {
    describe.skip(name, body)
  } else if (lacking.length === 0) {
    describe(name, body)
  } else if (partsMustBeThere(process.env)) {
    describe(name, () => {
      test(`needs ${lacking.join(', ')}`, () => {
        throw new Error(lacking.map(skipLine).join('\n'))
      })
    })
  } else {
    if (!process.env.MATRIXOS_PARTS_TOLD) console.warn(lacking.map(skipLine).join('\n'))
    describe.skip(name, body)
  }
}
