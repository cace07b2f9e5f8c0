/** What an app that wants out tries from a page of its own, by requests, connections and what browsers keep. */
import type { Hosts } from '@matrixos/shared'
import type { Frame, Page } from 'playwright-core'
import { expect } from 'vitest'

export const JSON_TYPE = { 'content-type': 'application/json' }
/** As the computer's own page sends what changes something. */
export const COMPUTER_REQUEST = { ...JSON_TYPE, 'x-computer-request': '1' }

export type Where = Page | Frame

interface Asked {
  url: string
  method?: string
  headers?: Record<string, string>
  body?: string
  mode?: RequestMode
}

/** What each request brings: a status, `opaque` for what cannot be read, `refused`. */
export const askAll = (where: Where, asked: Asked[]): Promise<string[]> =>
  where.evaluate(
    (all) =>
      Promise.all(
        all.map(({ url, ...init }) =>
          fetch(url, { credentials: 'include', ...init }).then(
            ({ type, status }) => (type === 'opaque' ? 'opaque' : String(status)),
            () => 'refused',
          ),
        ),
      ),
    asked,
  )

/** Whether a WebSocket opens there. */
export const connectAll = (where: Where, urls: string[]): Promise<string[]> =>
  where.evaluate(
    (all) =>
      Promise.all(
        all.map(
          (url) =>
            new Promise<string>((resolve) => {
              const socket = new WebSocket(url)
              socket.onopen = () => resolve('open')
              socket.onerror = () => resolve('refused')
            }),
        ),
      ),
    urls,
  )

export const asSocket = (url: string) => url.replace(/^http/, 'ws')

/** Origins. */
export interface Targets {
  computer: string
  /** Its own. */
  evil: string
  /** Another app of the same owner. */
  victim: string
  hosts: Hosts
}

/** From wherever it is: nothing is read, and nothing of what is sent changes anything. */
export async function triesEverything(
  where: Where,
  { computer, evil, victim, hosts }: Targets,
): Promise<void> {
  const { appOrigin, apiOrigin } = hosts
  const foreign = [
    `${computer}/api/me`,
    `${computer}/api/files/content?path=system/soul.md`,
    `${computer}/api/apps`,
    `${computer}/.mos/progress`,
    `${victim}/.app/kv/secret`,
    `${victim}/.app/files/`,
    `${victim}/`,
    `${appOrigin}/trpc/auth.me`,
    `${appOrigin}/trpc/tenants.mine`,
    `${apiOrigin}/trpc/auth.me`,
  ]
  expect(
    await askAll(
      where,
      foreign.map((url) => ({ url })),
    ),
  ).toEqual(foreign.map(() => 'refused'))
  // What needs no leave of the other side's is sent all the same: state afterwards tells what it did.
  const simple = { 'content-type': 'text/plain' }
  const blind: Asked[] = [
    { url: `${computer}/api/apps`, body: '{"title":"Planted"}' },
    { url: `${computer}/api/files/folders?path=planted`, body: '' },
    { url: `${victim}/.app/kv/secret`, body: '"overwritten"' },
    { url: `${victim}/.app/ai/messages`, body: '{}' },
    { url: `${appOrigin}/trpc/auth.logout`, body: '{}' },
    { url: `${appOrigin}/trpc/tenants.sleep`, body: '{}' },
  ].map((one) => ({ ...one, method: 'POST', headers: simple, mode: 'no-cors' }))
  for (const outcome of await askAll(where, blind)) expect(outcome).toMatch(/^(opaque|refused)$/)
  const changing = [
    { url: `${computer}/api/apps/victim`, method: 'DELETE', headers: COMPUTER_REQUEST },
    {
      url: `${computer}/api/apps/evil/ai`,
      method: 'PUT',
      headers: COMPUTER_REQUEST,
      body: '{"isAllowed":true}',
    },
    { url: `${victim}/.app/kv/secret`, method: 'PUT', headers: JSON_TYPE, body: '"overwritten"' },
    {
      url: `${appOrigin}/trpc/auth.logout`,
      method: 'POST',
      headers: { ...JSON_TYPE, 'x-mos': '1' },
      body: '{}',
    },
  ]
  expect(await askAll(where, changing)).toEqual(changing.map(() => 'refused'))

  const sockets = ['/ws/shell', '/ws/terminal', '/ws/chat', '/ws/files', '/ws/apps'].map(
    (path) => computer + path,
  )
  const rooms = [`${victim}/.app/rooms/lobby`]
  expect(await connectAll(where, [...sockets, ...rooms].map(asSocket))).toEqual(
    [...sockets, ...rooms].map(() => 'refused'),
  )
  // At its own host, the computer's own paths are the app's, and lead nowhere.
  const own = [
    '/api/me',
    '/api/apps',
    '/api/files/content?path=system/soul.md',
    '/../../../api/me',
    '/.app/../../api/me',
  ]
  for (const status of await askAll(
    where,
    own.map((url) => ({ url: evil + url })),
  ))
    expect(status).toBe('404')
  expect(
    await connectAll(
      where,
      ['/ws/shell', '/ws/terminal'].map((path) => asSocket(evil + path)),
    ),
  ).toEqual(['refused', 'refused'])
  const outcome = await where.evaluate(async (origin) => {
    const attempt = async (act: () => unknown) => {
      try {
        return await act()
      } catch {
        return 'refused'
      }
    }
    return {
      cookies: document.cookie,
      // In a frame, a browser may keep nothing at all.
      kept: await attempt(() => Object.keys(localStorage).length),
      worker: await attempt(() =>
        navigator.serviceWorker.register(`${origin}/worker.js`).then(() => 'loaded'),
      ),
      script: await new Promise((resolve) => {
        const script = document.createElement('script')
        script.onload = () => resolve('loaded')
        script.onerror = () => resolve('refused')
        script.src = `${origin}/api/apps`
        document.head.append(script)
      }),
      databases: await attempt(async () => (await indexedDB.databases()).length),
    }
  }, computer)
  expect(outcome).toMatchObject({ cookies: '', worker: 'refused', script: 'refused' })
  expect(['refused', 0]).toContain(outcome.kept)
  expect(['refused', 0]).toContain(outcome.databases)
}
