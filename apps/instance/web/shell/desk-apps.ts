/** What the desk shows of the apps: loaded when the page has nothing else to do. */
import type { ComponentType } from 'react'
import type { Me } from '../../src/protocol.ts'
import { createStore } from './store.ts'

export interface DeskApps {
  /** Below the parts. */
  Tiles: ComponentType<{ me: Me }>
  /** What an app asks its owner, over everything. */
  Questions: ComponentType
}

/** `null` until it is loaded. */
export const deskApps = createStore<DeskApps | null>(null)

/** Rejects when it cannot be had now. */
export async function loadDeskApps(): Promise<void> {
  const { Questions, Tiles, watchApps } = await import('../parts/apps/desk.tsx')
  watchApps()
  deskApps.set({ Questions, Tiles })
}
