/** What can be done with an app, in the order of its menu. */
import type { AppEntry } from '../../../src/apps/protocol.ts'
import type { Me } from '../../../src/protocol.ts'
import type { Intent } from '../../shell/part.ts'
import type { MenuItem } from '../files/ui/menu.tsx'
import { launchPath, publishPath } from './client.ts'

export type Sheet = 'log' | 'permissions' | 'rename'

export interface Acts {
  open(intent: Intent): void
  show(sheet: Sheet, app: AppEntry): void
  restart(app: AppEntry): void
  remove(app: AppEntry): void
  /** Leaves for another page; in a tab of its own. */
  visit(path: string): void
}

export const openApp = (app: AppEntry): Intent => ({ part: 'app', target: { name: app.name } })

export function menuOf(app: AppEntry, me: Me, acts: Acts): MenuItem[] {
  const canOpen = app.url !== null
  const use: MenuItem[] = canOpen
    ? [
        { label: 'Open', run: () => acts.open(openApp(app)) },
        { label: 'Open full screen', run: () => acts.visit(launchPath(app.name)) },
      ]
    : []
  if (me.viewer) return use
  const files = { part: 'files', target: { path: `apps/${app.name}` } }
  const own: MenuItem[] = [
    ...(canOpen ? [{ label: 'Publish…', startsGroup: true, run: () => acts.visit(publishPath(app)) }] : []),
    { label: 'Edit files', run: () => acts.open(files) },
    ...(app.problem === null ? [{ label: 'Permissions', run: () => acts.show('permissions', app) }] : []),
    ...(app.server
      ? [
          { label: 'Log', run: () => acts.show('log', app) },
          { label: 'Restart', run: () => acts.restart(app) },
        ]
      : []),
    { label: 'Rename', run: () => acts.show('rename', app) },
    { label: 'Delete', startsGroup: true, isDangerous: true, run: () => acts.remove(app) },
  ]
  return [...use, ...own]
}

/** What its server is doing, in a word or a sentence; `null`: nothing to tell. */
export function serverWords({ server }: Pick<AppEntry, 'server'>): string | null {
  if (!server) return null
  const { state, reason } = server
  if (state === 'starting') return 'Starting'
  if (state === 'running') return 'Running'
  if (state === 'failed') return reason ?? 'It failed.'
  return state === 'refused' ? reason : 'Starts when it is opened'
}
