import { expect, test } from 'vitest'
import { temporaryFolder } from '../../testing/folder.ts'
import { openBooks } from './books.ts'

test('makes no call that cannot be written down, and holds nothing for it', async () => {
  await using folder = await temporaryFolder()
  let isFull = true
  const books = openBooks({
    root: folder.path,
    now: () => new Date('2026-03-01T12:00:00Z'),
    write: async () => {
      if (isFull) throw Object.assign(new Error('The disk is full.'), { code: 'ENOSPC' })
    },
  })
  for (let call = 0; call < 8; call++)
    await expect(books.hold('game', 'own', 400n)).rejects.toThrow('The disk is full.')
  isFull = false
  const { capNano, settle } = await books.hold('game', 'own', 400n)
  expect(capNano).toBe(100n)
  await settle(40n)
  expect(await books.of('game')).toMatchObject({ spent: { own: 40n }, held: { own: 0n }, calls: { own: 0n } })
})
