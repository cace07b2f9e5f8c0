import { expect, it } from 'vitest'
import { explainDatabaseError } from './startup-errors.ts'

const url = 'postgres://mos:hunter2@db.example:6543/mos'
const withCode = (code: string) => Object.assign(new Error(`cannot use ${url}`), { code })

it.each([
  ['ECONNREFUSED', /Nothing is listening there/],
  ['28P01', /Incorrect user or password/],
  ['3D000', /does not exist: create it/],
  ['XX000', /cannot use mos@db.example/],
])('says what to do about %s, without the password', (code, expected) => {
  const text = explainDatabaseError(new Error('query failed', { cause: withCode(code) }), url)
  expect(text).toMatch(expected)
  expect(text).toContain('mos@db.example:6543/mos')
  expect(text).not.toContain('hunter2')
})

it('finds the reason inside an aggregate', () => {
  expect(explainDatabaseError(new AggregateError([withCode('ENOTFOUND')]), url)).toMatch(
    /host name does not resolve/,
  )
})
