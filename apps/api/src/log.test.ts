import { DrizzleQueryError } from 'drizzle-orm/errors'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { serializers } from './log.ts'

/** What one line of the log says of an error. */
function logged(error: unknown): string {
  const lines: string[] = []
  pino({ serializers }, { write: (line: string) => void lines.push(line) }).error({ err: error }, 'failed')
  return lines.join('')
}

it('never writes the values of a failed query, at any depth', () => {
  const query = new DrizzleQueryError('insert into t values ($1)', ['hunter2'], new Error('bad byte'))
  for (const error of [query, new Error('wrapped', { cause: query })]) {
    expect(logged(error)).toContain('insert into t')
    expect(logged(error)).not.toContain('hunter2')
  }
})

it('keeps what a developer needs: message, stack and code', () => {
  const text = logged(Object.assign(new Error('plain'), { code: 'E1' }))
  expect(text).toContain('plain')
  expect(text).toContain('log.test.ts')
  expect(text).toContain('"code":"E1"')
})
