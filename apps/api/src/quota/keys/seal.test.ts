import { expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import { createKeySeal } from './seal.ts'

const seal = createKeySeal({ platformSecret: 's'.repeat(43) })
const KEY = 'sk-ant-marker-0123456789'
const sealed = () => seal.seal(KEY, 'usr_ada', systemClock.random)

it('opens what it sealed, and seals no key the same way twice', async () => {
  expect(await seal.open(sealed(), 'usr_ada')).toBe(KEY)
  const [one, other] = [sealed(), sealed()]
  expect(Buffer.from(one.ciphertext).equals(other.ciphertext)).toBe(false)
  expect(one.iv).toHaveLength(12)
  expect(one.ciphertext).toHaveLength(KEY.length + 16)
  expect(Buffer.from(one.ciphertext).toString('latin1')).not.toContain('sk-ant')
})

it('opens none of another person, of another platform, or that was altered', async () => {
  await expect(seal.open(sealed(), 'usr_bea')).rejects.toThrow()
  await expect(createKeySeal({ platformSecret: 't'.repeat(43) }).open(sealed(), 'usr_ada')).rejects.toThrow()
  for (const at of [0, KEY.length, KEY.length + 15]) {
    const altered = sealed()
    altered.ciphertext[at] = (altered.ciphertext[at] ?? 0) ^ 1
    await expect(seal.open(altered, 'usr_ada')).rejects.toThrow()
  }
  await expect(seal.open({ ...sealed(), ciphertext: new Uint8Array(3) }, 'usr_ada')).rejects.toThrow()
  await expect(seal.open({ ...sealed(), keyVersion: 2 }, 'usr_ada')).rejects.toThrow('unknown version')
})
