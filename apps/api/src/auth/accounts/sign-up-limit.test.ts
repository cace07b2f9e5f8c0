import { expect, it } from 'vitest'
import { memoryLimit } from '../../limits/attempt-limit.ts'
import { createSignUpLimit } from './sign-up-limit.ts'

const limit = (name: string, attempts: number) =>
  memoryLimit({ name, attempts, seconds: 600, message: `Too many: ${name}.` })

it('counts nothing for a network while the sum refuses', async () => {
  const inSum = limit('sum', 1)
  const signUps = createSignUpLimit({ perNetwork: limit('network', 2), inSum })
  const giveBack = await signUps.take('192.0.2.1')
  for (let i = 0; i < 3; i++) await expect(signUps.take('192.0.2.2')).rejects.toThrow('Too many: sum.')
  await giveBack()
  for (let i = 0; i < 4; i++) await inSum.giveBack('all')
  await expect(signUps.take('192.0.2.2')).resolves.toBeTypeOf('function')
})
