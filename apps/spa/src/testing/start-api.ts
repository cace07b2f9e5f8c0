/** A fake api for each test of a file; page and api are gone after it. */
import { cleanup, waitFor } from '@testing-library/react'
import { toast } from 'sonner'
import { afterEach, expect, vi } from 'vitest'
import { createTestApi } from './api.ts'
import { ANSWERS } from './views.ts'

/** The next page would show them again; and each has a timer of its own as it goes, which may outlive the file's window. */
async function withoutToasts(): Promise<void> {
  toast.dismiss()
  if (vi.isFakeTimers()) return
  await waitFor(() => expect(document.querySelector('[data-sonner-toast]')).toBeNull())
}

/** Call it once a file. The result starts an api with the usual answers, and those given instead of them. */
export function startsTestApis() {
  let close = () => {}
  afterEach(async () => {
    try {
      await withoutToasts()
    } finally {
      cleanup()
      close()
    }
  })
  return (answers: Record<string, unknown> = {}) => {
    const api = createTestApi({ ...ANSWERS, ...answers })
    api.server.listen()
    close = () => api.server.close()
    return api
  }
}
