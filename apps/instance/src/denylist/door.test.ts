import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { bootInstance } from '../testing/instance.ts'
import { openTerminalPage } from '../testing/terminal.ts'

/** What a computer tells its platform, by path. */
async function platform() {
  const told: [string, unknown][] = []
  const server = createServer(async (request, response) => {
    told.push([`${request.method} ${request.url}`, JSON.parse((await text(request)) || 'null')])
    response.end('{}')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  return { told, access: { url: `http://127.0.0.1:${port}`, token: 'mosai_test' } }
}

test('ends in a terminal what the platform does not want, and tells page and platform', async () => {
  const { told, access } = await platform()
  await using instance = await bootInstance({
    terminal: { kind: 'pty', shell: '/bin/sh' },
    shellEnvironment: { PATH: '/usr/bin:/bin' },
    platform: access,
  })
  await using page = await openTerminalPage(`ws://127.0.0.1:${instance.port}`)
  const session = await page.open()
  page.type(session, 'cp /bin/sleep xmrig; ./xmrig 600\n')
  const { message } = await page.event('notice')
  expect(message).toContain('xmrig isn’t allowed here')
  await expect.poll(() => told).toContainEqual(['POST /instance/denied', { program: 'xmrig' }])
})
