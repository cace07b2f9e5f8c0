/** The transfers of this page: one list for all windows, and it goes on when they are closed. */
import { useSyncExternalStore } from 'react'
import { waiting } from '../../../shell/news/waiting.ts'
import { uploadsApi } from '../client/uploads.ts'
import { createTransfers, type TransfersView } from './engine.ts'
import { createKeep } from './keep.ts'
import { waitingWords } from './waiting.ts'

const SHOWN_EVERY_MS = 120

const keep = createKeep({ owner: crypto.randomUUID() })
let isTelling = false

export const transfers = createTransfers({
  api: uploadsApi,
  keep,
  newId: () => crypto.randomUUID(),
  now: () => performance.now(),
  later(act, ms) {
    const timer = setTimeout(act, ms)
    return () => clearTimeout(timer)
  },
  schedule(tell) {
    if (isTelling) return
    isTelling = true
    setTimeout(() => {
      isTelling = false
      tell()
    }, SHOWN_EVERY_MS)
  },
  onArrived: () => undefined,
})

transfers.watch(() => {
  const words = waitingWords(transfers.view())
  if (words !== (waiting.get()?.words ?? null)) waiting.set(words === null ? null : { part: 'files', words })
})
void keep.takeOver().then(transfers.adopt)
window.addEventListener('online', transfers.nudge)
document.addEventListener('visibilitychange', () => document.hidden || transfers.nudge())

export const useTransfers = (): TransfersView => useSyncExternalStore(transfers.watch, transfers.view)
