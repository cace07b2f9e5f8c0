import { expect, test } from 'vitest'
import { OFFLINE, problemOf, wordsOf } from './problem.ts'

const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status })

test('shows what the computer says, with names in it as they may be read', async () => {
  const error = await problemOf(answer(415, { message: 'box/\u202egpj.exe\n: that is not a file' }))
  expect(wordsOf(error)).toBe('box/‹202E›gpj.exe↵: that is not a file')
  expect(error).toMatchObject({ status: 415, isPassing: false })
})

test('has words of its own for who answers in place of the computer', async () => {
  expect(wordsOf(await problemOf(new Response('<html>', { status: 502 })))).toBe(OFFLINE)
  expect(wordsOf(await problemOf(answer(401, { message: 'no' })))).toContain('Your session is over.')
  expect(wordsOf(new Error('ENOENT'))).not.toContain('ENOENT')
})
