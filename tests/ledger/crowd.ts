/** Many calls at the same moment on budgets that pay for a few of them. */
import type { LedgerPerson, World } from './world.ts'

const AT_ONCE = 200
/** Between none and some sixty of these calls. */
const BUDGETS_NANO = [5_000_000n, 300_000n, 20_000_000n, 60_000_000n]
const WORDS = 100

const body = JSON.stringify({
  ...{ model: 'claude-haiku-4-5', max_tokens: 400, stream: true },
  messages: [{ role: 'user', content: 'Tell me all about it.' }],
})

export interface CrowdResult {
  calls: number
  served: number
  problems: string[]
}

/** Statuses of a crowd: served, refused for its credits, or for now. */
const EXPECTED = new Set([200, 402, 429])

async function round(world: World, person: LedgerPerson): Promise<number[]> {
  const replicas = world.replicas.up()
  const call = async (n: number) => {
    const answer = await replicas[n % replicas.length]?.pool.request({
      ...{ method: 'POST', path: '/v1/messages', body },
      headers: {
        ...{ 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
        ...{ 'x-api-key': person.token, 'x-scripted': JSON.stringify({ words: WORDS, eventDelayMs: 1 }) },
      },
    })
    await answer?.body.dump({ limit: 10_000_000 })
    return answer?.statusCode ?? 0
  }
  return Promise.all(Array.from({ length: AT_ONCE }, (_, n) => call(n)))
}

/** The people of the crowd, for the look at their accounts afterwards. */
export async function crowd(
  world: World,
  options: { people: number; rounds: number },
): Promise<CrowdResult & { people: LedgerPerson[] }> {
  const people: LedgerPerson[] = []
  const problems: string[] = []
  let calls = 0
  let served = 0
  for (let n = 0; n < options.people; n++) {
    const person = await world.addPerson({ credits: BUDGETS_NANO[n % BUDGETS_NANO.length] ?? 0n })
    people.push(person)
    for (let at = 0; at < options.rounds; at++) {
      const statuses = await round(world, person)
      calls += statuses.length
      served += statuses.filter((status) => status === 200).length
      const odd = statuses.filter((status) => !EXPECTED.has(status))
      if (odd.length > 0) problems.push(`A crowd was answered with ${[...new Set(odd)].join(', ')}.`)
    }
  }
  if (served === 0) problems.push('No call of the crowds was served.')
  return { people, problems, calls, served }
}
