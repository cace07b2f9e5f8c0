import { pino } from 'pino'
import { expect, it } from 'vitest'
import { createSignIns } from './sign-ins.ts'

const boot = (release: () => Promise<void>) =>
  createSignIns({ runnerOf: () => ({ hold: async () => true, release }), log: pino({ level: 'silent' }) })

it('lets one of two calls in one process sign an account in', async () => {
  const signIns = boot(async () => undefined)
  expect(await signIns.hold('ada')).toBe(true)
  expect(await signIns.hold('ada')).toBe(false)
  expect(await signIns.hold('bob')).toBe(true)
  await signIns.release('ada')
  expect(await signIns.hold('ada')).toBe(true)
})

it('signs an account in again whose lease could not be given back', async () => {
  const signIns = boot(() => Promise.reject(new Error('The database is away.')))
  expect(await signIns.hold('ada')).toBe(true)
  await signIns.release('ada')
  expect(await signIns.hold('ada')).toBe(true)
})
