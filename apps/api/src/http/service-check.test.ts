import { CALLER_HEADER } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { createServiceCheck } from './service-check.ts'

const check = createServiceCheck('secret')
const asked = (more: Record<string, string>) => {
  const headers = new Headers(more)
  return [check.isService(headers), check.isInstanceCall(headers)]
}

it('tells the platform’s own calls from those that it passes on for an instance', () => {
  const authorization = 'Bearer secret'
  expect(asked({ authorization })).toEqual([true, false])
  expect(asked({ authorization, [CALLER_HEADER]: 'ins_1' })).toEqual([false, true])
  expect(asked({ authorization, [CALLER_HEADER]: '' })).toEqual([false, true])
})

it('knows nobody without the token', () => {
  expect(asked({ authorization: 'Bearer other' })).toEqual([false, false])
  expect(asked({ [CALLER_HEADER]: 'ins_1' })).toEqual([false, false])
})
