import { afterEach, expect, test, vi } from 'vitest'
import { ANSWER_WITHIN_MS, readMe } from './me.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

test('gives up on a computer that never answers', async () => {
  const deadline = new AbortController()
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(deadline.signal)
  const never = (_: string, { signal }: RequestInit = {}) =>
    new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
  vi.stubGlobal('fetch', never)
  const asked = readMe()
  deadline.abort(new Error('too late'))
  await expect(asked).rejects.toThrow('too late')
  expect(timeout).toHaveBeenCalledWith(ANSWER_WITHIN_MS)
})

test('takes a refusal for no answer', async () => {
  vi.stubGlobal('fetch', async () => new Response('', { status: 502 }))
  await expect(readMe()).rejects.toThrow('status 502')
})
