/** What really happened: every request that a provider would bill, with what it would bill, for comparison with a ledger. */

/** Tokens as they are billed: `input` is without cache tokens, thinking is inside `output`. */
export interface TrueUsage {
  input: number
  cacheWrite5m: number
  cacheWrite1h: number
  cacheRead: number
  output: number
  webSearches: number
}

/** Billed at the price of one model. */
export interface BilledPart {
  model: string
  speed: 'standard' | 'fast'
  serviceTier: 'standard' | 'priority' | 'batch'
  inferenceGeo: string
  usage: TrueUsage
}

/**
 * `complete`: the last byte was handed over. `error_event`: it said so in mid-stream, and bills what it had reported.
 * `cut`, `client_gone`: the connection ended early, by this side or by the other; it bills what it had generated.
 * `open`: not over.
 */
export type Ending = 'open' | 'complete' | 'error_event' | 'cut' | 'client_gone'

export interface TruthRecord {
  /** Grows by one with each record. */
  cursor: number
  requestId: string
  path: string
  requestedModel: string
  streamed: boolean
  ending: Ending
  /** More than one when other models took part. Empty: nothing is billed. */
  parts: BilledPart[]
}

export interface TruthBook {
  open: (record: Omit<TruthRecord, 'cursor' | 'ending' | 'parts'>) => TruthEntry
  since: (cursor: number) => TruthRecord[]
}

export interface TruthEntry {
  bills: (parts: BilledPart[]) => void
  ends: (ending: Exclude<Ending, 'open'>) => void
}

/** `most`: older records are forgotten beyond it; 0 keeps none. */
export function createTruthBook(most: number): TruthBook {
  const records = new Map<number, TruthRecord>()
  let last = 0
  return {
    open(begun) {
      last += 1
      const record: TruthRecord = { ...begun, cursor: last, ending: 'open', parts: [] }
      if (most > 0) records.set(last, record)
      records.delete(last - most)
      return {
        bills: (parts) => {
          record.parts = parts
        },
        ends: (ending) => {
          if (record.ending === 'open') record.ending = ending
        },
      }
    },
    since: (cursor) =>
      records
        .values()
        .filter((record) => record.cursor > cursor)
        .toArray(),
  }
}
