/** An owner at their computer, which has no shell, for tests. */
import type { Me } from '../../src/protocol.ts'

export const OWNER: Me = {
  handle: 'alice',
  displayName: 'Alice',
  soul: null,
  viewer: null,
  terminal: 'console',
  consoleReason: null,
}
