import type { PlanView } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { draftOf, hintOf, LIMIT_FIELDS, parseDraft, placeholderOf } from './draft.ts'

const MIB = 1_048_576
const LIMITS: PlanView['limits'] = {
  ...{ memoryBytes: 512 * MIB, memoryReservationBytes: 256 * MIB, cpuShares: 512, cpuQuotaUs: 150_000 },
  ...{
    ...{ pids: 256, diskBytes: 1024 * MIB, inodes: 131_072, logBytes: 2 * MIB, bandwidthBytesPerS: null },
    ociRuntime: 'runc',
    idleS: { paused: 300, asleep: 1800 },
  },
}
const field = (name: string) => {
  const found = LIMIT_FIELDS.find((each) => each.name === name)
  if (!found) throw new Error(`There is no field ${name}.`)
  return found
}
const plan = (terms: PlanView['terms']): PlanView => ({
  ...{ key: 'large', title: 'Large', terms, limits: LIMITS, people: 0, updatedAt: null, updatedBy: null },
})

it.each([
  [{}],
  [{ memoryBytes: 768 * MIB, cpuQuotaUs: 50_000, idleS: { asleep: null } }],
  [{ pids: 64, idleS: { asleep: 300 } }],
  [{ inodes: 5_000, logBytes: 524_288, bandwidthBytesPerS: 3 * MIB }],
  [{ bandwidthBytesPerS: null }],
  [{ ociRuntime: 'runsc' as const }],
])('shows what a plan says, and reads the same back: %o', (terms) => {
  const read = parseDraft(draftOf(plan(terms)))
  expect(read).toEqual({ success: true, data: { key: 'large', title: 'Large', terms } })
})

it('says of each field what counts where it is left empty', () => {
  expect(placeholderOf(LIMITS, field('memoryBytes'))).toBe('512')
  expect(placeholderOf(LIMITS, field('cpuQuotaUs'))).toBe('1.5')
  expect(placeholderOf(LIMITS, field('bandwidthBytesPerS'))).toBe('off')
})

it('says which limits this server does not enforce', () => {
  const walls = { disk: true, inodes: true, bandwidth: true }
  const hints = (enforced: typeof walls) =>
    LIMIT_FIELDS.flatMap((each) => (each.wall ? [hintOf(each, enforced)] : []))
  expect(hints(walls)).toEqual([undefined, undefined, 'Or: off'])
  expect(hints({ disk: false, inodes: false, bandwidth: false })).toEqual([
    'Measured; people are told',
    'Not enforced on this server',
    'Not enforced on this server',
  ])
})

it('names the fields that cannot be', () => {
  const draft = draftOf(plan({}))
  const read = parseDraft({ ...draft, key: 'Not OK', title: ' ', limits: { ...draft.limits, pids: 'many' } })
  expect(read.success ? [] : Object.keys(read.flaws).sort()).toEqual(['key', 'pids', 'title'])
})

it.each([
  ['memoryBytes', '1 GiB', 'A number, in MiB.'],
  ['memoryBytes', '1', 'At least 32 MiB.'],
  ['cpuQuotaUs', '900', 'At most 128 cores.'],
  ['inodes', '7', 'At least 1,000.'],
  ['pids', '1,000', 'A whole number.'],
] as const)('says what may stand in %s instead of %s', (name, text, flaw) => {
  const draft = { ...draftOf(plan({})), key: 'large', title: 'Large' }
  const read = parseDraft({ ...draft, limits: { ...draft.limits, [name]: text } })
  expect(read.success ? {} : read.flaws).toEqual({ [name]: flaw })
})

it.each([
  ['3 weeks', 'Such as 30 min.'],
  ['20 s', 'At least 1 min.'],
  ['400 days', 'At most 365 days.'],
])('says of %s what a time may be', (asleep, flaw) => {
  const draft = draftOf(plan({}))
  const read = parseDraft({ ...draft, idle: { ...draft.idle, asleep } })
  expect(read.success ? {} : read.flaws).toEqual({ asleep: flaw })
})
