/** An image that prints NUL bytes, escapes and 900 kB in one line before it exits, on Docker and PostgreSQL. */

import { randomBytes } from 'node:crypto'
import { signUp } from '@matrixos/client'
import { ERROR_DETAIL_LENGTH } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import { until } from '@matrixos/testing/until'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freeSubnet } from '../../apps/api/src/drivers/runtime/testing/free-subnet.ts'
import { startApi, type TestApi } from '../support/api.ts'
import { NOISY_OUTPUT, PRINTABLE } from '../support/noisy-instance.ts'
import { createTestDatabase } from '../support/test-database.ts'
import { engine, removeTestContainers } from '../support/test-engine.ts'

const BASE_IMAGE = 'matrixos-instance:latest'

/** The instance image with that program in place of its own. */
async function imageOf(program: string, name: string): Promise<string> {
  const model = await engine().getImage(BASE_IMAGE).inspect()
  const [node = 'node'] = [...(model.Config.Entrypoint ?? []), ...(model.Config.Cmd ?? [])]
  const container = await engine().createContainer({ Image: BASE_IMAGE })
  const entry = JSON.stringify([node, '-e', program.replaceAll('\n', ';')])
  await container.commit({ repo: name, tag: 'latest', changes: `ENTRYPOINT ${entry}\nCMD []` })
  await container.remove()
  return `${name}:latest`
}

describeReal(['docker', 'postgres'], 'an image that prints what breaks careless readers', () => {
  const name = `t${randomBytes(4).toString('hex')}`
  let database: Awaited<ReturnType<typeof createTestDatabase>>
  let api: TestApi
  beforeAll(async () => {
    database = await createTestDatabase(`matrixos_${name}`)
    api = await startApi({
      env: {
        RUNTIME: 'docker',
        DATABASE_URL: database.url,
        INSTANCE_IMAGE: await imageOf(NOISY_OUTPUT, `${name}-noisy`),
        DOCKER_NETWORK: `matrixos-${name}`,
        DOCKER_CONTAINER_PREFIX: `${name}-`,
        DOCKER_SUBNET: await freeSubnet(24),
        INSTANCE_FIREWALL: 'off',
      },
    })
  })
  afterAll(async () => {
    await api?.[Symbol.asyncDispose]()
    await removeTestContainers(name)
    await engine().getImage(`${name}-noisy:latest`).remove({ force: true })
    await database?.drop()
  })

  it('fails with a short message and a clean, bounded excerpt, and is tried again later each time', async () => {
    const client = api.client()
    await signUp({ client, authenticator: createAuthenticator(), handle: 'noisy' })
    const row = await until(
      'it failed twice',
      async () => {
        const found = await api.database.db.query.instances.findFirst()
        return found?.observed === 'failed' && found.failures >= 2 && found
      },
      60_000,
    )
    expect(row.nextAttemptAt?.getTime()).toBeGreaterThan(row.observedAt.getTime() + 1_000)
    const { error } = await client.trpc.tenants.mine.query()
    expect(error).toMatchObject({
      code: 'instance_unhealthy',
      message: 'It stopped while starting (exit code 3).',
      detail: expect.stringMatching(PRINTABLE),
    })
    expect(error?.detail?.length).toBeLessThanOrEqual(ERROR_DETAIL_LENGTH)
    expect(error?.detail).toMatch(/red afternul\nlast words$/)
  })
})
