import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { withMembers } from './account-files.ts'

async function* one(text: string) {
  yield Buffer.from(text)
}

it('puts members before the archive, which is begun only after them', async () => {
  const begun: string[] = []
  const archive = async () => {
    begun.push('archive')
    return one('home')
  }
  const whole = withMembers(one('profile '), archive)
  await whole.next()
  expect(begun).toEqual([])
  expect(String(await buffer(Readable.from(whole)))).toBe('home')
})

it('begins no archive that nobody would read to its end', async () => {
  const begun: string[] = []
  const broken = async function* () {
    yield* one('profile')
    throw new Error('The database is away.')
  }
  const archive = async () => {
    begun.push('archive')
    return one('home')
  }
  await expect(buffer(Readable.from(withMembers(broken(), archive)))).rejects.toThrow('away')
  expect(begun).toEqual([])
})
