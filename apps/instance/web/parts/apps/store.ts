/** The apps as they are now: asked once, and again whenever the computer says that something changed. */
import { APPS_SOCKET_PATH, type AppEntry } from '../../../src/apps/protocol.ts'
import { appsHere } from '../../shell/apps-here.ts'
import { type OwnLink, openLink } from '../../shell/connection/links.ts'
import { createStore } from '../../shell/store.ts'
import { wordsOf } from '../files/client/problem.ts'
import { appsClient } from './client.ts'

/** Why they could not be asked for the last time; `null`: they could. */
export const appsFailure = createStore<string | null>(null)

let link: OwnLink | null = null
let isAsking = false
let isStale = false

export async function refreshApps(): Promise<void> {
  isStale = true
  if (isAsking) return
  isAsking = true
  try {
    while (isStale) {
      isStale = false
      const { apps } = await appsClient.list()
      appsHere.set(apps)
    }
    appsFailure.set(null)
  } catch (error) {
    appsFailure.set(wordsOf(error))
  } finally {
    isAsking = false
  }
}

/** For as long as the page is there; it lets go when nobody is. */
export function watchApps(): void {
  if (link) return
  link = openLink({
    path: () => APPS_SOCKET_PATH,
    onMessage: (message) => isChange(message) && void refreshApps(),
    onState: () => undefined,
  })
  void refreshApps()
}

const isChange = (message: unknown): boolean =>
  typeof message === 'object' && message !== null && 'type' in message && message.type === 'changed'

export const findApp = (apps: readonly AppEntry[] | null, name: string): AppEntry | undefined =>
  apps?.find((app) => app.name === name)
