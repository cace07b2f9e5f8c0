/** A fake api for each test of a file; page and api are gone after it. */
import { cleanup } from '@testing-library/react'
import { toast } from 'sonner'
import { afterEach } from 'vitest'
import { createTestApi } from './api.ts'
import { ANSWERS } from './views.ts'

/** Call it once a file. The result starts an api with the usual answers, and those given instead of them. */
export function startsTestApis() {
  let close = () => {}
  afterEach(() => {
    // The next page would show them again.
    toast.dismiss()
    cleanup()
    close()
  })
  return (answers: Record<string, unknown> = {}) => {
    const api = createTestApi({ ...ANSWERS, ...answers })
    api.server.listen()
    close = () => api.server.close()
    return api
  }
}
