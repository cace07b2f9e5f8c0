/** What the palette lists, and the script for it: loaded when the page has nothing else to do, or when it is called for. */
import type { ComponentType } from 'react'
import type { Me } from '../../../src/protocol.ts'
import { createStore } from '../store.ts'

export interface PaletteProps {
  me: Me
  /** What was typed before it was there, and whether Enter followed. */
  held: Held
  close(): void
}

export interface Held {
  typed: string
  isEntered: boolean
}

/** `null` until it is loaded. */
export const paletteContents = createStore<ComponentType<PaletteProps> | null>(null)

let loading: Promise<void> | null = null

/** Rejects when it cannot be had now; the next call tries again. */
export function loadPalette(): Promise<void> {
  loading ??= import('./palette.tsx')
    .then((loaded) => paletteContents.set(loaded.default))
    .finally(() => {
      loading = null
    })
  return loading
}
