import { TRPCClientError } from '@trpc/client'
import { expect, it } from 'vitest'
import { authErrorText } from './words.ts'

const refused = (code: string) =>
  Object.assign(new TRPCClientError('Refused.'), { data: { error: { code, message: 'Refused.' } } })

it('says nothing to whoever would rather not prove who they are', () => {
  expect(authErrorText(refused('step_up_required'))).toBeNull()
  expect(authErrorText(refused('conflict'))).toBe('Refused.')
})
