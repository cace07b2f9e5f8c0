/** Claiming one person's own computer: one code a start, one owner, and nothing for whoever guesses. */
import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import type { Tx } from '../../db/database.ts'
import { memoryLimit } from '../../limits/attempt-limit.ts'
import { createClaim, MANY_WRONG } from './service.ts'

const NOBODY = '192.0.2.1'
const WRONG = '0000-0000-0000-0000-0000-0000'
const tx = {} as Tx

function open({ isClaimed = false, attempts = 1_000, hasOwner = false } = {}) {
  const printed: string[] = []
  let warnings = 0
  const guesses = memoryLimit({ name: 'claim', attempts, seconds: 60, message: 'Too many.' })
  const door = createClaim({
    ...{ isClaimed, guesses, clock: { random: randomBytes } },
    hasOwner: async () => hasOwner,
    print: (code) => void printed.push(code),
    onGuesses: () => void warnings++,
  })
  return { ...door, printed, warnings: () => warnings, code: () => printed.at(-1) ?? '' }
}

it('prints a code of 120 bits at each start, another one each time', () => {
  const [one, other] = [open(), open()]
  expect(one.printed).toHaveLength(1)
  expect(one.code()).toMatch(/^([0-9a-z]{4}-){5}[0-9a-z]{4}$/)
  expect(one.code()).not.toBe(other.code())
  expect(one.signUpMode()).toBe('invite')
})

it('prints nothing and takes nobody where somebody has claimed it before', async () => {
  const { printed, signUpMode, invites } = open({ isClaimed: true })
  expect(printed).toEqual([])
  expect(signUpMode()).toBe('closed')
  await expect(invites.check(NOBODY, WRONG)).rejects.toMatchObject({ code: 'invite_required' })
  await expect(invites.check(NOBODY, '')).rejects.toMatchObject({ code: 'invite_required' })
})

it('takes the code however it is typed, and gives no more than its hash on', async () => {
  const { invites, code } = open()
  const hash = await invites.check(NOBODY, ` ${code().toUpperCase().replaceAll('-', ' ')} `)
  expect(hash).not.toContain(code().slice(0, 4))
  await invites.spend(tx, hash)
  await expect(invites.spend(tx, code())).rejects.toMatchObject({ code: 'invite_required' })
})

it('is worth nothing once somebody has claimed it', async () => {
  const { invites, code, close, signUpMode } = open()
  const hash = await invites.check(NOBODY, code())
  close()
  expect(signUpMode()).toBe('closed')
  await expect(invites.check(NOBODY, code())).rejects.toMatchObject({ code: 'invite_required' })
  await expect(invites.spend(tx, hash)).rejects.toMatchObject({ code: 'invite_required' })
})

it('lets one of two claims through that come at once', async () => {
  const { invites, code } = open({ hasOwner: true })
  const hash = await invites.check(NOBODY, code())
  await expect(invites.spend(tx, hash)).rejects.toMatchObject({ code: 'sign_up_closed' })
})

it('limits the tries of a network, and takes the right code from it all the same', async () => {
  const { invites, code } = open({ attempts: 3 })
  for (let i = 0; i < 3; i++)
    await expect(invites.check(NOBODY, WRONG)).rejects.toMatchObject({ code: 'invite_required' })
  await expect(invites.check(NOBODY, WRONG)).rejects.toMatchObject({ code: 'too_many_requests' })
  await expect(invites.check(NOBODY, code())).resolves.toBeTruthy()
})

it('keeps its code however many wrong ones come, and tells the operator once', async () => {
  const { invites, code, printed, warnings } = open()
  for (let i = 0; i < MANY_WRONG - 1; i++) await invites.check(`192.0.2.${i}`, WRONG).catch(() => undefined)
  expect(warnings()).toBe(0)
  for (let i = 0; i < 2 * MANY_WRONG; i++)
    await invites.check(`198.51.100.${i}`, WRONG).catch(() => undefined)
  expect(warnings()).toBe(1)
  expect(printed).toHaveLength(1)
  const hash = await invites.check(NOBODY, code())
  await expect(invites.spend(tx, hash)).resolves.toBeUndefined()
})
