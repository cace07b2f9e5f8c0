/** One platform for all tests of a file. */
import { afterAll, beforeAll } from 'vitest'
import { type AiPlatform, startAiPlatform } from './platform.ts'

/** Call it at the top of the file; what it returns may be asked within its tests. */
export function useAiPlatform(): () => AiPlatform {
  let platform: AiPlatform
  beforeAll(async () => {
    platform = await startAiPlatform()
  })
  afterAll(() => platform?.[Symbol.asyncDispose]())
  return () => platform
}
