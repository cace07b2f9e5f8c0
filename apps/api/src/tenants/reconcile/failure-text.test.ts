import { ERROR_DETAIL_LENGTH, errorBodySchema } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { AppError } from '../../errors.ts'
import { failureBody, printable } from './failure-text.ts'

it('takes out control characters, terminal escapes, bidirectional overrides and half surrogates', () => {
  const text =
    'a\u0000b \u001b[31mred\u001b[0m\u001b]0;title\u0007 \u202eevil\u2066 \ud800!\r\nnext\u0085\tline\u007f'
  expect(printable(text, 1_000)).toBe('ab red evil \ufffd!\nnext  line')
})

it('keeps the end of a long text, and shortens every long line', () => {
  expect(printable(`first\n${'x'.repeat(900_000)}\nlast`, 1_000)).toBe(`${'x'.repeat(400)}…\nlast`)
  expect(printable('0123456789', 4)).toBe('6789')
  expect(printable(`😀${'x'.repeat(3)}`, 4)).toBe('\ufffdxxx')
})

it('bounds what a row keeps of a failure', () => {
  const lines = Array.from({ length: 100 }, (_, line) => `${line} ${'y'.repeat(300)}`).join('\n')
  const body = failureBody(new AppError('instance_unhealthy', `${'m'.repeat(10_000)}`, { detail: lines }))
  expect(errorBodySchema.parse(body).detail).toHaveLength(ERROR_DETAIL_LENGTH)
  expect(body.message.length).toBeLessThanOrEqual(500)
  expect(failureBody(new AppError('internal', 'Plain.'))).toEqual({ code: 'internal', message: 'Plain.' })
})
