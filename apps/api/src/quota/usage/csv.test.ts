import type { CallView } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { CSV_HEADER, csvLine } from './csv.ts'

const call: CallView = {
  ...{ id: 'aic_1', at: '2026-03-01T10:00:00.000Z', provider: 'anthropic', model: 'claude-haiku-4-5' },
  ...{ payer: 'platform', status: 'settled', inputTokens: 1, cacheWriteTokens: 2, cacheReadTokens: 3 },
  ...{ outputTokens: 4, webSearches: 0, cost: '0.001', durationMs: 12 },
}
const modelCell = (model: string) =>
  csvLine({ ...call, model }).slice('2026-03-01T10:00:00.000Z,anthropic,'.length)

it('has a line for the columns, and one for each call, each ended by CR LF', () => {
  expect(CSV_HEADER).toBe(
    'time,provider,model,payer,status,input_tokens,cache_write_tokens,cache_read_tokens,output_tokens,web_searches,cost_usd,duration_ms,call_id\r\n',
  )
  expect(csvLine(call)).toBe(
    '2026-03-01T10:00:00.000Z,anthropic,claude-haiku-4-5,platform,settled,1,2,3,4,0,0.001,12,aic_1\r\n',
  )
})

it.each([
  ['a,b', '"a,b"'],
  ['a"b', '"a""b"'],
  ['a\r\nb', '"a\r\nb"'],
  ['a\nb', '"a\nb"'],
])('quotes %j', (model, cell) => {
  expect(modelCell(model)).toContain(`${cell},platform,settled`)
})

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '=HYPERLINK("http://x","y")'])(
  'lets no spreadsheet run %j',
  (model) => {
    expect(modelCell(model)).toMatch(/^"?'/)
  },
)
