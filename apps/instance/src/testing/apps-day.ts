/** The apps' part of a day at a computer: one is begun, opened by many, plays in a room, keeps things, and runs a program. */
import { APPS_API, APPS_SOCKET_PATH } from '../apps/protocol.ts'
import { FILES_API, REQUEST_HEADER } from '../protocol.ts'
import { edgeHeaders, hostOf } from './apps.ts'
import { openSocket } from './instance.ts'

const VISITS = 100
const PLAYERS = 20
const MOVES = 200
const SERVER = `require('http').createServer((_, response) => response.end('hello')).listen(process.env.PORT)`

/** `host`: `host:port`, of a computer with a shell. */
export async function playWithApps(host: string): Promise<void> {
  const own = { [REQUEST_HEADER]: '1', 'content-type': 'application/json' }
  const send = async (method: string, path: string, headers: Record<string, string>, body: string | null) => {
    const answer = await fetch(`http://${host}${path}`, { method, headers, body })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return answer.text()
  }
  const at = (app: string) => ({ ...edgeHeaders(app, 'owner'), origin: `https://${hostOf(app)}` })
  const watching = await openSocket(`ws://${host}${APPS_SOCKET_PATH}`)
  const { name } = JSON.parse(await send('POST', APPS_API, own, '{"title":"Game"}'))
  for (let visit = 0; visit < VISITS; visit++) {
    for (const path of ['/', '/app.js', '/.app/sdk.js']) await send('GET', path, at(name), null)
    await send('PUT', `/.app/kv/visit-${visit}`, at(name), `${visit}`)
    await send('PUT', `/.app/files/pictures/${visit % 10}`, at(name), 'x'.repeat(50_000))
  }
  const players = await Promise.all(
    Array.from({ length: PLAYERS }, () => openSocket(`ws://${host}/.app/rooms/table`, { headers: at(name) })),
  )
  for (let move = 0; move < MOVES; move++)
    players[move % PLAYERS]?.send({ type: 'set', key: 'turn', value: move })
  for (const player of players) {
    player.send({ type: 'ping' })
    while ((await player.next()).type !== 'pong');
    player.close()
    await player.closed
  }
  const server = JSON.stringify({ name: 'Server', server: { command: 'exec node server.cjs' } })
  for (const [path, text] of [
    ['server.cjs', SERVER],
    ['app.json', server],
  ] as const) {
    const address = `${FILES_API}/content?folders=1&path=apps/runs/${path}`
    await send('PUT', address, { ...own, 'if-none-match': '*' }, text)
  }
  for (let visit = 0; visit < VISITS; visit++) await send('GET', '/', at('runs'), null)
  await send('POST', `${APPS_API}/runs/stop`, own, '{}')
  watching.close()
  await watching.closed
}
