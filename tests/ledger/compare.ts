/** The ledger beside the model's truth, call by call. */
import type { TruthRecord } from '@matrixos/scripted-model/server'
import type { aiCalls } from '../../apps/api/src/db/schema/index.ts'
import { dateIn } from './calls.ts'
import type { Seen } from './client.ts'
import { billOf } from './prices.ts'

export type Row = typeof aiCalls.$inferSelect

/** Tokens of all models that took part; the names are the ledger's. */
function tokensOf({ parts }: TruthRecord) {
  const sum = (name: keyof TruthRecord['parts'][number]['usage']) =>
    parts.reduce((total, { usage }) => total + usage[name], 0)
  return {
    inputTokens: sum('input'),
    cacheWrite5mTokens: sum('cacheWrite5m'),
    cacheWrite1hTokens: sum('cacheWrite1h'),
    cacheReadTokens: sum('cacheRead'),
    outputTokens: sum('output'),
    webSearches: sum('webSearches'),
  }
}

const shown = (value: unknown) =>
  JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? String(one) : one))

interface Found {
  seen: Seen
  truths: TruthRecord[]
  rows: Row[]
}

function settledProblem(row: Row, truth: TruthRecord): string | null {
  const bill = billOf(truth)
  if (row.cost !== bill) return `costs ${row.cost} nano-USD, and the provider bills ${bill}`
  const wrong = Object.entries(tokensOf(truth)).filter(
    ([name, count]) => Object.entries(row).find(([own]) => own === name)?.[1] !== count,
  )
  return wrong.length > 0 ? `differs in its tokens; true are ${shown(Object.fromEntries(wrong))}` : null
}

function estimatedProblem({ seen, truths }: Found, row: Row): string | null {
  const { call } = seen
  const [truth] = truths
  const isExpected =
    seen.isKilled() || seen.ending === 'aborted' || (truth !== undefined && truth.ending === 'cut')
  if (!isExpected) return 'is estimated, and nothing happened to it'
  if (call.who === 'own' || call.isBeyondBound || !truth) return null
  const bill = billOf(truth)
  return row.cost < bill ? `is estimated at ${row.cost} nano-USD, and ${bill} were generated` : null
}

/** What is wrong with one call; empty: nothing. */
function problemsOf(found: Found): string[] {
  const { seen, truths, rows } = found
  const [row] = rows
  const [truth] = truths
  const problems: (string | null)[] = []
  if (truths.length > 1) problems.push(`was sent ${truths.length} times`)
  if (rows.length > 1) problems.push(`has ${rows.length} rows`)
  if (!row && truth && truth.parts.length > 0) problems.push('was served, and is not in the ledger')
  if (row?.status === 'settled')
    problems.push(truth ? settledProblem(row, truth) : 'is settled, and was not served')
  if (row?.status === 'estimated') problems.push(estimatedProblem(found, row))
  if (row && (row.payer === 'own') !== (seen.call.who === 'own')) problems.push(`is paid by ${row.payer}`)
  problems.push(statusProblem(seen))
  return problems.filter((problem) => problem !== null)
}

/** Calls of people who have enough are refused by nobody but the provider. */
function statusProblem(seen: Seen): string | null {
  const { call, status, ending } = seen
  if (seen.isKilled() || call.who === 'poor' || ending === 'aborted') return null
  const asked = call.script.status
  // A count that fails is told as the proxy's own failure, and a preparation that recovery ended as overload.
  const isExpected =
    call.isCounted && call.who === 'rich'
      ? status === 200 || (asked !== undefined && status === 503) || status === 529
      : status === (asked ?? 200)
  return isExpected ? null : `was answered with ${status} (${seen.error})`
}

export interface Comparison {
  problems: string[]
  /** Of all settled calls. */
  settled: number
  estimated: number
  differenceNanoUsd: bigint
}

export function compare(
  all: readonly Seen[],
  truths: readonly TruthRecord[],
  rows: readonly Row[],
): Comparison {
  const byDate = new Map<string, Found>()
  for (const seen of all) byDate.set(dateIn(seen.call.modelId) ?? '', { seen, truths: [], rows: [] })
  const byRequest = new Map(truths.map((truth) => [truth.requestId, truth.requestedModel]))
  const problems: string[] = []
  for (const truth of truths) byDate.get(dateIn(truth.requestedModel) ?? '')?.truths.push(truth)
  for (const row of rows) {
    // The model may have been another one than asked for; then the provider's own id leads to the call.
    const asked = (row.providerRequestId && byRequest.get(row.providerRequestId)) ?? row.model
    const found = byDate.get(dateIn(asked) ?? '')
    if (found) found.rows.push(row)
    else problems.push(`A row belongs to no call: ${shown(row)}`)
  }
  let difference = 0n
  for (const found of byDate.values()) {
    const [row] = found.rows
    const [truth] = found.truths
    if (row?.status === 'settled' && truth) {
      const off = row.cost - billOf(truth)
      difference += off < 0n ? -off : off
    }
    for (const problem of problemsOf(found))
      problems.push(
        `Call ${found.seen.call.n} ${problem}\n    asked: ${found.seen.call.modelId} ${shown(found.seen.call.script)} ${found.seen.call.who} abort=${found.seen.call.abort}\n    seen: ${found.seen.status} ${found.seen.ending}\n    truth: ${shown(found.truths)}\n    rows: ${shown(found.rows)}`,
      )
  }
  const count = (status: Row['status']) => rows.filter((row) => row.status === status).length
  return {
    problems,
    settled: count('settled'),
    estimated: count('estimated'),
    differenceNanoUsd: difference,
  }
}
