/** An instance with apps, asked as the edge does: at an app's own host, in somebody's name. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { INSTANCE_HEADERS } from '@matrixos/shared'
import type { Settings } from '../env.ts'
import { bootInstance, openSocket } from './instance.ts'

export type Role = 'owner' | 'viewer' | 'visitor'

/** What the edge tells of somebody at an app's host. `ai`: nano-USD that may be spent on strangers. */
export function edgeHeaders(app: string, role: Role, ai?: string): Record<string, string> {
  return {
    [INSTANCE_HEADERS.app]: app,
    [INSTANCE_HEADERS.role]: role,
    'x-forwarded-host': hostOf(app),
    ...(role === 'viewer' ? { [INSTANCE_HEADERS.user]: 'bob' } : {}),
    ...(ai === undefined ? {} : { [INSTANCE_HEADERS.permissions]: `ai:${ai}` }),
  }
}

export const hostOf = (app: string): string => `${app}--alice.example.org`

export async function bootWithApps(
  apps: Record<string, Record<string, string>>,
  settings: Partial<Settings> = {},
) {
  const instance = await bootInstance({
    externalOrigin: 'https://alice.example.org',
    appOriginPattern: 'https://{app}--alice.example.org',
    ...settings,
  })
  await instance.booted
  const write = async (path: string, content: string) => {
    const place = join(instance.home, 'apps', path)
    await mkdir(dirname(place), { recursive: true })
    await writeFile(place, content)
  }
  for (const [name, files] of Object.entries(apps)) {
    const all = { 'app.json': JSON.stringify({ name }), ...files }
    for (const [path, content] of Object.entries(all)) await write(`${name}/${path}`, content)
  }
  return {
    ...instance,
    write,
    /** `path`: from the app's own root. Changes come from its own page, unless the headers say otherwise. */
    ask: (app: string, path: string, { role = 'owner', ai, ...init }: AskInit = {}) =>
      fetch(instance.url(path), {
        redirect: 'manual',
        ...init,
        headers: { ...edgeHeaders(app, role, ai), origin: `https://${hostOf(app)}`, ...init.headers },
      }),
    join: (app: string, room: string, role: Role = 'owner', as = '') =>
      openSocket(`ws://127.0.0.1:${instance.port}/.app/rooms/${room}?as=${as}`, {
        headers: { ...edgeHeaders(app, role), origin: `https://${hostOf(app)}` },
      }),
  }
}

interface AskInit {
  role?: Role
  ai?: string | undefined
  method?: string
  body?: string
  headers?: Record<string, string>
}
