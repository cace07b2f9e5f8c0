/** A day at a computer, without a browser: everything that its page asks for when somebody works there, and is gone again. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  CONSOLE_PATH,
  FILES_API,
  FILES_SOCKET_PATH,
  NOTES_PATH,
  REQUEST_HEADER,
  SHELL_PATH,
} from '../protocol.ts'
import { playWithApps } from './apps-day.ts'
import { openChatPage } from './chat.ts'
import { openSocket } from './instance.ts'
import { openTerminalPage } from './terminal.ts'

const WEB = join(import.meta.dirname, '../../dist/web')
const DRAWN = ['/icon.svg', '/icon-192.png', '/icon-512.png', '/apple-touch-icon.png', '/app.webmanifest']
const UPLOADS = 200
const SMALL_BYTES = 20_000
/** Every tenth is as large as a picture, and comes in pieces. */
const LARGE_BYTES = 3_000_000
const PIECE_BYTES = 1024 * 1024
export const MANY_FILES = 10_000
const SAVES = 50

type Step = (host: string) => Promise<void>

/** What a browser loads at first; nothing is opened. `host`: `host:port`. */
export async function loadPage(host: string): Promise<void> {
  const shell = await openSocket(`ws://${host}${SHELL_PATH}`)
  const html = await (await get(host, '/')).text()
  const named = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '')
  for (const path of new Set([...named, '/api/me', '/api/shell', '/api/credits']))
    await drain(get(host, path))
  await close(shell)
}

/** In order. Each opens what it needs, and closes it. */
export const DAY: Record<string, Step> = {
  async page(host) {
    await loadPage(host)
    const assets = (await readdir(join(WEB, 'assets'), { withFileTypes: true })).filter((one) => one.isFile())
    const scripts = assets.filter(({ name }) => /\.(js|css)$/.test(name)).map(({ name }) => `/assets/${name}`)
    for (const path of [...scripts, ...DRAWN, '/api/about']) await drain(get(host, path))
    await send(host, 'PUT', '/api/shell', JSON.stringify({ hasStarted: true }))
  },
  async terminals(host) {
    await using page = await openTerminalPage(`ws://${host}`)
    for (const word of ['first', 'second']) {
      const session = await page.open()
      page.type(session, `top -b -n 1; seq 20000; ls -la; echo "$((40 + 2))${word}"\n`)
      await page.endsWith(`42${word}`)
      page.send({ type: 'close', session })
    }
    await page.until('no terminal', () => page.sessions().length === 0)
  },
  async files(host) {
    await send(host, 'POST', `${FILES_API}/folder`, JSON.stringify({ path: 'uploads' }))
    const watch = await openSocket(`ws://${host}${FILES_SOCKET_PATH}`)
    watch.send({ type: 'watch', paths: ['', 'uploads'] })
    for (let number = 0; number < UPLOADS; number++) {
      if (number % 10 === 0) await uploadInPieces(host, `uploads/picture ${number}.jpg`)
      else await drain(put(host, `uploads/note ${number}.md`, textOf(number), { 'if-none-match': '*' }))
      if (number % 10 === 0) await drain(get(host, `${FILES_API}/list?path=uploads`))
    }
    await drain(get(host, `${FILES_API}/content?path=uploads/picture%200.jpg`))
    await close(watch)
  },
  async search(host) {
    for (const where of ['names', 'contents']) {
      await drain(get(host, `${FILES_API}/search?query=note&in=${where}&path=`))
      await drain(get(host, `${FILES_API}/search?query=nowhere&in=${where}&path=`))
    }
  },
  async archive(host) {
    {
      await using page = await openTerminalPage(`ws://${host}`)
      const session = await page.open()
      page.type(
        session,
        `mkdir many; i=0; while [ $i -lt ${MANY_FILES} ]; do echo "file $i" > many/$i.txt; i=$((i+1)); done; echo "$((40 + 2))made"\n`,
      )
      await page.endsWith('42made')
      page.send({ type: 'close', session })
      await page.until('no terminal', () => page.sessions().length === 0)
    }
    await drain(get(host, `${FILES_API}/list?path=many`))
    await drain(get(host, `${FILES_API}/archive?path=many`))
    await drain(get(host, `${FILES_API}/search?query=9999&in=contents&path=`))
  },
  apps: playWithApps,
  async notes(host) {
    const notes = await openSocket(`ws://${host}${NOTES_PATH}`)
    let { version } = await notes.next()
    for (let id = 1; id <= SAVES; id++) {
      notes.send({ type: 'save', id, base: version, text: `A line of a note.\n`.repeat(20 * id) })
      version = (await notes.next()).version
    }
    await close(notes)
    const console_ = await openSocket(`ws://${host}${CONSOLE_PATH}`)
    await console_.next()
    for (const line of ['ls', 'cat notes/pad.md', 'help']) {
      console_.send({ type: 'run', line })
      await console_.next()
    }
    await close(console_)
  },
  /** Its AI may be anything, or nobody at all: what counts is that it was asked. */
  async chat(host) {
    await using page = await openChatPage(`ws://${host}`)
    await page.event('hello')
    let parent: string | null = null
    for (let number = 0; number < 3; number++) {
      const turn = await page.answer(await page.say('a-day', textOf(number), { parent }))
      parent = turn.id
    }
    page.send({ type: 'search', query: 'note' })
    await page.event('found')
  },
  async editor(host) {
    const path = 'uploads/note 1.md'
    let etag = (await drain(get(host, `${FILES_API}/content?path=${encodeURIComponent(path)}`))).get('etag')
    for (let number = 0; number < SAVES; number++) {
      const { version } = await (await put(host, path, textOf(number), { 'if-match': etag ?? '' })).json()
      etag = `"${version}"`
    }
  },
}

const textOf = (number: number) => `${number}: a note of that day.\n`.repeat(SMALL_BYTES / 20)

async function uploadInPieces(host: string, path: string): Promise<void> {
  const uploads = `${FILES_API}/uploads`
  const wanted = { path, size: LARGE_BYTES, ifExists: 'refuse' }
  const { id } = await (await send(host, 'POST', uploads, JSON.stringify(wanted))).json()
  for (let at = 0; at < LARGE_BYTES; at += PIECE_BYTES) {
    const piece = new Uint8Array(Math.min(PIECE_BYTES, LARGE_BYTES - at)).fill(at % 251)
    await drain(send(host, 'PATCH', `${uploads}/${id}?offset=${at}`, piece))
  }
  await drain(send(host, 'POST', `${uploads}/${id}/finish`, '{}'))
}

const put = (host: string, path: string, text: string, headers: Record<string, string>) =>
  send(host, 'PUT', `${FILES_API}/content?path=${encodeURIComponent(path)}`, text, headers)

const get = (host: string, path: string) => send(host, 'GET', path)

/** As a page of its own would. Rejects when it is refused. */
async function send(
  host: string,
  method: string,
  path: string,
  body: string | Uint8Array<ArrayBuffer> | null = null,
  headers: Record<string, string> = {},
): Promise<Response> {
  const answer = await fetch(`http://${host}${path}`, {
    method,
    body,
    headers: { [REQUEST_HEADER]: '1', ...headers },
  })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return answer
}

/** Takes the whole body in, and keeps nothing of it. */
async function drain(asked: Promise<Response>): Promise<Headers> {
  const answer = await asked
  for await (const _ of answer.body ?? []);
  return answer.headers
}

async function close(socket: Awaited<ReturnType<typeof openSocket>>): Promise<void> {
  socket.close()
  await socket.closed
}
