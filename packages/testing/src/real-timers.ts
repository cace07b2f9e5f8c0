/** Set up for each file of unit tests: files share a process, where timers left fake stop all who wait in the next ones. */
import { afterAll, vi } from 'vitest'

afterAll(() => {
  if (!vi.isFakeTimers()) return
  vi.useRealTimers()
  throw new Error('This file leaves fake timers in place: call vi.useRealTimers() in afterEach.')
})
