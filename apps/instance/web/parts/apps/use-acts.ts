/** The acts of the menu, for a window: what they change is said, and can be taken back where that is possible. */
import { useState } from 'react'
import type { AppEntry } from '../../../src/apps/protocol.ts'
import type { Intent } from '../../shell/part.ts'
import { wordsOf } from '../files/client/problem.ts'
import type { Toast } from '../files/ui/toast.tsx'
import type { Acts, Sheet } from './acts.ts'
import { appsClient } from './client.ts'
import { refreshApps } from './store.ts'

export interface OpenSheet {
  sheet: Sheet
  app: AppEntry
}

export function useActs(open: (intent: Intent) => void) {
  const [sheet, setSheet] = useState<OpenSheet | null>(null)
  const [toast, setToast] = useState<Toast | null>(null)
  const act = (work: () => Promise<Toast | null>) => {
    work()
      .then(setToast, (error) => setToast({ words: wordsOf(error), isBad: true }))
      .finally(refreshApps)
  }
  const restore = (id: string, title: string) =>
    act(async () => {
      await appsClient.restore(id)
      return { words: `${title} is back.` }
    })
  const acts: Acts = {
    open,
    show: (shown, app) => setSheet({ sheet: shown, app }),
    visit: (path) => void window.open(path, '_blank', 'noopener'),
    restart: (app) =>
      act(async () => {
        await appsClient.stop(app.name)
        return { words: `${app.title} starts anew when it is next used.` }
      }),
    remove: (app) =>
      act(async () => {
        const { id } = await appsClient.remove(app.name)
        const action = { label: 'Undo', run: () => restore(id, app.title) }
        return { words: `${app.title} is in the trash.`, action }
      }),
  }
  return { acts, act, sheet, closeSheet: () => setSheet(null), toast, endToast: () => setToast(null) }
}
