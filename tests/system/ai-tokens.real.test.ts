/** From inside real containers: whom the AI proxy answers, and until when. */
import { deleteInstance, putInstanceToSleep, signUp, waitUntilRunning, wakeInstance } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import { until } from '@matrixos/testing/until'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { budgetInside, containerOf, environmentInside, runInside } from '../support/inside.ts'
import { bootStack, type Stack } from '../support/stack.ts'
import { engine } from '../support/test-engine.ts'

const MESSAGE = {
  model: 'claude-haiku-4-5',
  max_tokens: 100,
  messages: [{ role: 'user', content: 'Hello' }],
}

describeReal(['docker', 'caddy', 'postgres'], 'the AI token of an instance', () => {
  let stack: Stack
  beforeAll(async () => {
    stack = await bootStack({ parts: 'real', env: { RESYNC_S: '1' } })
  })
  afterAll(() => stack?.[Symbol.asyncDispose]())

  async function person(handle: string) {
    const client = stack.client()
    await signUp({ client, authenticator: createAuthenticator(), handle })
    await waitUntilRunning(client, 60_000)
    const container = containerOf(stack.name, handle)
    const tokenNow = async () => (await environmentInside(container)).ANTHROPIC_API_KEY ?? ''
    return { client, container, tokenNow, token: await tokenNow() }
  }
  const query = async (text: string, ...values: string[]) => {
    const sql = postgres(stack.databaseUrl ?? '', { max: 1 })
    const rows = await sql.unsafe(text, values)
    await sql.end()
    return rows
  }
  const tokensOf = (handle: string) =>
    query('select hash from ai_tokens join instances on instances.id = instance_id where handle = $1', handle)

  // All at once: each has people of its own.
  it.concurrent('is answered from its own instance, and nobody is without one or with that of another', async () => {
    const [ada, bob] = [await person('ada'), await person('bob')]
    expect(ada.token).toMatch(/^mosai_/)
    expect(await budgetInside(ada.container, ada.token)).toBe(200)
    expect(await budgetInside(ada.container, null)).toBe(401)
    expect(await budgetInside(ada.container, 'mosai_wrong')).toBe(401)
    expect(await budgetInside(ada.container, bob.token)).toBe(401)
    const script = `const answer = await fetch(process.env.ANTHROPIC_BASE_URL + '/v1/messages', {
      method: 'POST',
      headers: { authorization: 'Bearer ' + process.env.ANTHROPIC_API_KEY, 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
      body: ${JSON.stringify(JSON.stringify(MESSAGE))},
    })
    console.log(answer.status + ' ' + (await answer.json()).content[0].text)`
    expect(await runInside(ada.container, script)).toMatch(/^200 This is a demonstration model/)
  })

  it.concurrent('keeps nobody else from the proxy, however many connections its instance opens', async () => {
    const [eve, fred] = [await person('eve'), await person('fred')]
    const crowd = runInside(
      eve.container,
      `import { connect } from 'node:net'
       const { hostname, port } = new URL(process.env.ANTHROPIC_BASE_URL)
       const ends = Array.from({ length: 600 }, () => new Promise((resolve) => {
         const socket = connect({ host: hostname, port: Number(port) })
         socket.on('error', () => undefined).on('close', () => resolve('closed'))
       }))
       let closed = 0
       await new Promise((resolve) => {
         for (const end of ends) end.then(() => ++closed === 600 - 256 && resolve())
       })
       process.stdout.write(String(closed))
       process.exit(0)`,
    )
    expect(Number(await crowd)).toBe(344)
    expect(await budgetInside(fred.container, fred.token)).toBe(200)
    await until('it is served again', async () => (await budgetInside(eve.container, eve.token)) === 200)
  })

  it.concurrent('stays good after a rotation until its instance has started with the next one', async () => {
    const { client, container, token, tokenNow } = await person('cara')
    await query(
      'update instances set ai_token_generation = ai_token_generation + 1, version = version + 1 where handle = $1',
      'cara',
    )
    const [before] = await query('select seen_at from processes')
    await until('the api has looked at what runs', async () => {
      const [now] = await query('select seen_at from processes')
      return now?.seen_at.getTime() > before?.seen_at.getTime() + 3_000
    })
    expect(await tokenNow()).toBe(token)
    expect(await budgetInside(container, token)).toBe(200)

    await putInstanceToSleep(client)
    // Woken at once, it would not have stopped at all.
    await until(
      'it sleeps',
      async () => (await client.trpc.tenants.mine.query()).observed === 'stopped',
      30_000,
    )
    await wakeInstance(client)
    await waitUntilRunning(client, 60_000)
    const next = await tokenNow()
    expect(next).not.toBe(token)
    expect(await budgetInside(container, next)).toBe(200)
    await until('the one before has ended', async () => (await tokensOf('cara')).length === 1, 30_000)
    await until('it is refused', async () => (await budgetInside(container, token)) === 401, 15_000)
    expect(await budgetInside(container, next)).toBe(200)
  })

  it.concurrent('ends with its instance, also for what takes over the address of its container', async () => {
    const { client, container, token } = await person('dora')
    expect(await budgetInside(container, token)).toBe(200)
    const { Image, NetworkSettings, Config } = await container.inspect()
    const [network = ''] = Object.keys(NetworkSettings.Networks)
    await deleteInstance(client, 'dora')
    await until('the container is gone', async () => (await stack.instancesOf('dora')) === 0, 60_000)
    const ghost = await engine().createContainer({
      name: `${stack.name}-ghost.1`,
      Image,
      Env: Config.Env,
      HostConfig: { NetworkMode: network },
      NetworkingConfig: {
        EndpointsConfig: {
          [network]: { IPAMConfig: { IPv4Address: NetworkSettings.Networks[network]?.IPAddress ?? '' } },
        },
      },
    })
    await ghost.start()
    await until('its token is refused', async () => (await budgetInside(ghost, token)) === 401, 15_000)
    expect(await tokensOf('dora')).toHaveLength(0)
  })
})
