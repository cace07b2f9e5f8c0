/** Synapse, started from what the command writes: it knows the platform, and only what starts it again changes nothing. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '@matrixos/host/root'
import { synapseBinary } from '@matrixos/host/synapse/binary'
import { describeReal } from '@matrixos/testing/describe-real'
import { freePort } from '@matrixos/testing/free-port'
import { until } from '@matrixos/testing/until'
import { afterAll, beforeAll, expect, it } from 'vitest'

const PRIVATE = 0o600
const START_MS = 90_000

describeReal(['synapse'], 'a homeserver of the command', () => {
  let folder: string
  let port: number
  const write = (to = folder) =>
    execFileSync(process.execPath, ['scripts/homeserver.ts', to, '--listen', `127.0.0.1:${port}`], {
      cwd: ROOT,
      env: { PATH: process.env.PATH, PUBLIC_URL: 'https://mos.example' },
      stdio: 'pipe',
    }).toString()
  const text = (name: string) => readFileSync(join(folder, name), 'utf8')

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mos-homeserver-'))
    port = await freePort()
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('is written for its owner’s eyes alone, and again with the same secrets', () => {
    expect(write()).toContain('--generate-keys')
    const before = text('registration.yaml')
    for (const name of ['homeserver.yaml', 'registration.yaml', 'platform.env'])
      expect(statSync(join(folder, name)).mode & 0o777).toBe(PRIVATE)
    write()
    expect(text('registration.yaml')).toBe(before)
  })

  it('leaves alone what somebody else wrote', () => {
    const other = mkdtempSync(join(tmpdir(), 'mos-homeserver-'))
    writeFileSync(join(other, 'homeserver.yaml'), 'server_name: theirs\n')
    expect(() => write(other)).toThrow('did not write')
    rmSync(other, { recursive: true })
  })

  it('starts, and knows the platform by the token that the platform is given', async () => {
    const binary = synapseBinary() ?? ''
    const config = join(folder, 'homeserver.yaml')
    execFileSync(binary, ['-c', config, '--generate-keys'], { stdio: 'ignore' })
    const server = spawn(binary, ['-c', config], { stdio: 'ignore' })
    const ended = once(server, 'exit')
    const url = `http://127.0.0.1:${port}/_matrix/client`
    const answers = async () => (await fetch(`${url}/versions`).catch(() => null))?.ok
    await until('Synapse answers', answers, START_MS)
    const [, token] = /^HOMESERVER_AS_TOKEN=(.*)$/m.exec(text('platform.env')) ?? []
    const who = await fetch(`${url}/v3/account/whoami`, { headers: { authorization: `Bearer ${token}` } })
    expect(await who.json()).toMatchObject({ user_id: '@_matrixos:mos.example' })
    server.kill('SIGTERM')
    await ended
  })
})
