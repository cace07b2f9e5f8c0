/** The answer to the page's first question: whose computer it is, and what there is for whoever asks. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Settings } from './env.ts'
import type { Visitor } from './http/visitor.ts'
import type { Me } from './protocol.ts'

export const describeTo = async (visitor: Visitor, settings: Settings, root: string): Promise<Me> => ({
  handle: settings.handle,
  displayName: settings.displayName,
  soul: await readFile(join(root, 'system/soul.md'), 'utf8').catch(() => null),
  viewer: visitor.role === 'viewer' ? { handle: visitor.handle, canUseNotes: visitor.canUseNotes } : null,
  ...terminalOf(settings, visitor),
})

function terminalOf({ terminal }: Settings, { role }: Visitor): Pick<Me, 'terminal' | 'consoleReason'> {
  if (role === 'viewer') return { terminal: 'console', consoleReason: null }
  return { terminal: terminal.kind, consoleReason: terminal.kind === 'pty' ? null : terminal.reason }
}
