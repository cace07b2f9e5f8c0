/** Signing up: from the call that makes the account to the first 200 of the new instance, hand-off included. */
import { GATEWAY_PORT } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { openInstance } from '@matrixos/testing/platform-client'
import { bootStack, type Stack } from '../support/stack.ts'
import { engine, testContainers } from '../support/test-engine.ts'
import { createTwin } from './floor.ts'
import { createPerson } from './people.ts'
import { type BenchResult, inParallel, median, round, timed } from './result.ts'

const ROUNDS = 10
const BATCHES = 3
const CONCURRENCY = 10

export async function run(): Promise<BenchResult> {
  await using stack = await bootStack({ parts: 'real', env: { LOG_LEVEL: 'warn' } })
  await createPerson(stack, 'model')
  const [found] = await testContainers(stack.name)
  if (!found) throw new Error(`No container listens on port ${GATEWAY_PORT}.`)
  const model = await engine().getContainer(found.Id).inspect()
  const twin = (number: number) => async () => {
    let made: Awaited<ReturnType<typeof createTwin>> | undefined
    const took = await timed(async () => {
      made = await createTwin(model, stack.dataDir, number)
      await made.startToReady()
    })
    await made?.remove()
    return took
  }

  const single = { ours: [] as number[], floor: [] as number[] }
  for (let i = 0; i < ROUNDS; i++) {
    single.ours.push(await newcomer(stack, `one${i}`))
    single.floor.push(await twin(i)())
  }
  const crowd = { ours: [] as number[], floor: [] as number[] }
  for (let batch = 0; batch < BATCHES; batch++) {
    const numbers = Array.from({ length: CONCURRENCY }, (_, i) => batch * CONCURRENCY + i)
    const ours = numbers.map((i) => () => newcomer(stack, `crowd${i}`))
    crowd.ours.push(...(await inParallel(ours, CONCURRENCY)))
    crowd.floor.push(...(await inParallel(numbers.map(twin), CONCURRENCY)))
  }
  const figures = { c1P50Ms: round(median(single.ours)), c10P50Ms: round(median(crowd.ours)) }
  const floor = { c1P50Ms: round(median(single.floor)), c10P50Ms: round(median(crowd.floor)) }
  return {
    bench: 'signup',
    ok: true,
    figures,
    floor,
    ratio: { c1: round(figures.c1P50Ms / floor.c1P50Ms), c10: round(figures.c10P50Ms / floor.c10P50Ms) },
    notes: `${ROUNDS} sign-ups one at a time, interleaved with the floor, then ${BATCHES} batches of ${CONCURRENCY} at once, in turns with the floor; the floor makes and starts a twin container and polls /health every 10 ms.`,
  }
}

/** Milliseconds from sending the new passkey to the first page of the new instance. */
async function newcomer(stack: Stack, handle: string): Promise<number> {
  const client = stack.client()
  const { challengeId, options } = await client.trpc.auth.registerPasskeyOptions.mutate({ handle })
  const response = createAuthenticator().create(options, { origin: client.hosts.appOrigin })
  return timed(async () => {
    await client.trpc.auth.registerPasskey.mutate({ challengeId, response })
    await openInstance(client, client.hosts.instanceOrigin(handle))
  })
}
