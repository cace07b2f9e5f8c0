/** What a person sees of a session. */
import type { DeviceView, SessionId, SessionView } from '@matrixos/shared'
import Bowser from 'bowser'
import type { SessionRow } from './store.ts'

const KINDS: Record<string, DeviceView['kind']> = { desktop: 'desktop', mobile: 'phone', tablet: 'tablet' }

/** By the browser's own word, which anyone may forge: for the owner's eye alone, never for a decision. */
export function deviceOf(userAgent: string): DeviceView {
  // The library refuses an empty text.
  const { browser, os, platform } = Bowser.parse(userAgent || '-')
  return {
    kind: KINDS[platform.type ?? ''] ?? 'other',
    browser: browser.name || null,
    os: os.name || null,
  }
}

/** `current`: the session that asks, if it is one of the person's own. */
export const sessionView = (row: SessionRow, current: SessionId | null): SessionView => ({
  id: row.id,
  current: row.id === current,
  device: deviceOf(row.userAgent),
  address: row.address,
  method: row.method,
  createdAt: row.createdAt.toISOString(),
  lastUsedAt: row.lastUsedAt.toISOString(),
})
