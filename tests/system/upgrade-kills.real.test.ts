/**
 * `kill -9` of the api while an image is tried: the upgrade goes on from there, on one container, with nothing lost. The steps
 * of a switch are struck in the short form of chaos (`tests/chaos`).
 */
import { randomBytes } from 'node:crypto'
import { signUp } from '@matrixos/client'
import { INSTANCE_IMAGES } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import { openInstance, type PlatformClient } from '@matrixos/testing/platform-client'
import { until } from '@matrixos/testing/until'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { openNotes } from '../../apps/instance/src/testing/notes.ts'
import { engineBrake } from '../support/brake.ts'
import { freeUpgrades, settleUpgrades } from '../support/settle-upgrades.ts'
import { bootStack, type Stack } from '../support/stack.ts'
import { engine, testContainers } from '../support/test-engine.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

const HANDLE = 'moved'
/** With what the lease of a dead process takes. */
const CONVERGES_MS = 90_000

describeReal(['docker', 'caddy', 'postgres'], 'kill -9 of the api in an upgrade', () => {
  let stack: Stack
  let brake: Awaited<ReturnType<typeof engineBrake>>
  let client: PlatformClient
  let sql: postgres.Sql
  const repo = `mos-upgrade-kills-${randomBytes(4).toString('hex')}`
  const tags: string[] = []
  beforeAll(async () => {
    brake = await engineBrake()
    stack = await bootStack({ parts: 'real', env: { DOCKER_HOST: brake.host, RESYNC_S: '1' } })
    client = stack.client()
    await signUp({ client, authenticator: createAuthenticator(), handle: HANDLE })
    await openInstance(client, client.hosts.instanceOrigin(HANDLE))
    sql = postgres(stack.databaseUrl ?? '', { max: 1 })
    await sql`update users set role = 'admin'`
    await until('the role is known', () =>
      client.trpc.admin.upgrades.view.query().then(
        () => true,
        () => false,
      ),
    )
  })
  afterAll(async () => {
    await sql?.end()
    await stack?.[Symbol.asyncDispose]()
    await brake?.[Symbol.asyncDispose]()
    for (const tag of tags) await engine().getImage(`${repo}:${tag}`).remove()
  })

  /** The same program under another name: another image, for whoever asks for it. */
  async function nextImage(): Promise<string> {
    const tag = String(tags.length + 1)
    await engine().getImage(INSTANCE_IMAGES.slim).tag({ repo, tag })
    tags.push(tag)
    return `${repo}:${tag}`
  }

  it.each([
    ['makes the container that tries the image', 'create'],
    ['starts it', 'start'],
    ['removes it', 'remove'],
  ] as const)('goes on when the api is killed as it %s', async (_step, kind) => {
    const image = await nextImage()
    const notes = await openNotes(client, HANDLE)
    await notes.save(image)
    await notes.close()
    const underWay = brake.holdNext(kind)
    await client.trpc.admin.upgrades.start.mutate({ image, atOnce: 1, mostFailures: 1, patienceS: 0 })
    await underWay
    await stack.kill('api')
    // One case waits for the lease of the dead one to end by itself.
    if (kind !== 'create') await freeUpgrades(sql)
    const last = async () => (await client.trpc.admin.upgrades.view.query()).rollouts[0]
    const isDone = async () => {
      await settleUpgrades(sql)
      return (await last())?.state === 'done'
    }
    await until('it is done', isDone, CONVERGES_MS)
    expect(await last()).toMatchObject({ image, reason: null, counts: { done: 1, rolled_back: 0 } })
    await until(
      'there is one container',
      async () => (await testContainers(stack.name)).length === 1,
      CONVERGES_MS,
    )
    const [left] = await testContainers(stack.name)
    expect([left?.Labels['os.matrix.image'], left?.State]).toEqual([image, 'running'])
    const again = await openNotes(client, HANDLE)
    expect(again.text).toBe(image)
    await again.close()
  })
})
