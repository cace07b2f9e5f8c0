/** Homes in images under whole computers: what holds them, what is given back, and what a full one means. */
import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { deleteInstance, putInstanceToSleep, signUp, wakeInstance } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import { openInstance, type PlatformClient } from '@matrixos/testing/platform-client'
import { until } from '@matrixos/testing/until'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { containerOf, runIn } from '../support/inside.ts'
import { bootStack, type Stack } from '../support/stack.ts'

const DISK_BYTES = 32 * 1_048_576
const INODES = 2_000

describeReal(['docker', 'caddy', 'postgres'], 'computers whose homes are images', () => {
  let stack: Stack
  let sql: postgres.Sql
  let client: PlatformClient
  const handle = 'looper'
  beforeAll(async () => {
    stack = await bootStack({
      parts: 'real',
      env: {
        ...{ HOME_STORE: 'loop', INSTANCE_DISK_BYTES: String(DISK_BYTES), INSTANCE_INODES: String(INODES) },
        ...{ RESYNC_S: '0.5', USAGE_SAMPLE_S: '0.5', PAUSE_AFTER_S: '3600' },
      },
    })
    sql = postgres(stack.databaseUrl ?? '', { max: 1, onnotice: () => undefined })
    client = stack.client()
    await signUp({ client, authenticator: createAuthenticator(), handle })
    await open()
  })
  afterAll(async () => {
    await sql?.end()
    // Of a test that failed: what is shown there cannot be deleted.
    for (const point of stack ? mounts() : []) execFileSync('umount', ['--lazy', point])
    await stack?.[Symbol.asyncDispose]()
  })

  const open = () => openInstance(client, client.hosts.instanceOrigin(handle))
  const inside = (script: string) => runIn(containerOf(stack.name, handle), ['sh', '-c', `cd ~; ${script}`])
  const folder = () => join(stack.dataDir, 'instances', handle)
  const devices = () =>
    execFileSync('losetup', ['-n', '-O', 'NAME,BACK-FILE', '-a'])
      .toString()
      .split('\n')
      .filter((line) => line.includes(`${stack.dataDir}/instances/`))
  const mounts = () =>
    execFileSync('findmnt', ['-rn', '-o', 'TARGET'])
      .toString()
      .split('\n')
      .filter((line) => line.startsWith(`${stack.dataDir}/instances/`))
  const becomes = (observed: string) =>
    until(
      `it is ${observed}`,
      async () => (await client.trpc.tenants.mine.query()).observed === observed,
      30_000,
    )
  const isPutAway = () =>
    until('nothing is attached', async () => devices().length === 0 && mounts().length === 0, 15_000)
  const levelOf = async () => {
    const [row] = await sql`select disk_level from instances where handle = ${handle}`
    return row?.disk_level
  }
  async function sendTo(tier: string): Promise<void> {
    const [row] = await sql`
      update instances set desired = ${tier}, version = version + 1 where handle = ${handle} returning id`
    const notice = `instances ${JSON.stringify({ from: 'test', notice: { id: row?.id } })}`
    await sql`select pg_notify('matrixos', ${notice})`
  }

  it('ends at the size of its plan, in bytes and in files, and its owner is told', async () => {
    expect(devices()).toHaveLength(1)
    await inside('echo kept > note')
    expect(await inside('cat /dev/zero > full')).toMatch(/no space/i)
    await until('the owner is told', async () => (await levelOf()) === 'full')
    await inside('rm full')
    await until('there is room', async () => (await levelOf()) === null)
    const fill = `mkdir many; i=0; while : > many/$i; do i=$((i + 1)); done`
    expect(await inside(fill)).toMatch(/no space/i)
    await until('the owner is told of files', async () => (await levelOf()) === 'full')
    await inside('rm -r many')
    expect(await inside('cat note')).toBe('kept')
  }, 60_000)

  it('holds nothing of the host while it sleeps, also where the platform was killed on the way', async () => {
    await putInstanceToSleep(client)
    await stack.kill('api')
    await becomes('stopped')
    await isPutAway()
    await open()
    await sendTo('paused')
    await becomes('paused')
    expect(devices()).toHaveLength(1)
    await open()
    expect(await inside('cat note')).toBe('kept')
  }, 60_000)

  it('is put away when it ends by itself, and nobody wants it', async () => {
    await sendTo('paused')
    await becomes('paused')
    await stack.crash(handle)
    await becomes('stopped')
    await isPutAway()
    await open()
    expect(await inside('cat note')).toBe('kept')
  }, 60_000)

  it('is put away where its start fails', async () => {
    const [before] = await sql`select image from instances where handle = ${handle}`
    const setImage = (image: string) =>
      sql`update instances set image = ${image}, version = version + 1 where handle = ${handle}`
    await setImage('nowhere.invalid/none:1')
    await containerOf(stack.name, handle).remove({ force: true })
    await becomes('failed')
    await isPutAway()
    await setImage(before?.image)
    await wakeInstance(client)
    await becomes('running')
    expect(await inside('cat note')).toBe('kept')
  }, 60_000)

  it('comes back from its archive', async () => {
    await sendTo('archived')
    await stack.kill('api')
    await becomes('archived')
    await isPutAway()
    expect(readdirSync(folder())).not.toContain('matrixos')
    await wakeInstance(client)
    await becomes('running')
    expect(await inside('cat note')).toBe('kept')
    expect(devices()).toHaveLength(1)
  }, 60_000)

  it('leaves nothing when it is deleted', async () => {
    await deleteInstance(client, handle)
    await stack.kill('api')
    const left = () => readdirSync(join(stack.dataDir, 'instances'))
    await until('nothing is left', async () => left().length === 0, 30_000)
    await isPutAway()
  }, 60_000)
})
