/** Calls as CSV (RFC 4180), safe to open in a spreadsheet: pure. */
import type { CallView } from '@matrixos/shared'

const COLUMNS = {
  time: ({ at }) => at,
  provider: ({ provider }) => provider,
  model: ({ model }) => model,
  payer: ({ payer }) => payer,
  status: ({ status }) => status,
  input_tokens: ({ inputTokens }) => inputTokens,
  cache_write_tokens: ({ cacheWriteTokens }) => cacheWriteTokens,
  cache_read_tokens: ({ cacheReadTokens }) => cacheReadTokens,
  output_tokens: ({ outputTokens }) => outputTokens,
  web_searches: ({ webSearches }) => webSearches,
  cost_usd: ({ cost }) => cost,
  duration_ms: ({ durationMs }) => durationMs,
  call_id: ({ id }) => id,
} satisfies Record<string, (call: CallView) => string | number>

/** Spreadsheets run cells that begin so as formulas; with an apostrophe before it, a cell is text. */
const FORMULA = /^[=+\-@\t\r]/

function cell(value: string | number): string {
  const text = typeof value === 'string' && FORMULA.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const line = (values: (string | number)[]): string => `${values.map(cell).join(',')}\r\n`

export const CSV_HEADER = line(Object.keys(COLUMNS))

export const csvLine = (call: CallView): string => line(Object.values(COLUMNS).map((of) => of(call)))
