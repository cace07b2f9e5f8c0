/** The terminal: a key until its echo, and 20 MB of output, through edge and gate against the instance itself. */

import { bootStack } from '../support/stack.ts'
import { engine, testContainers } from '../support/test-engine.ts'
import { createPerson } from './people.ts'
import { type BenchResult, median, quantile, round } from './result.ts'
import { openDirectly, openThroughEdge, type TerminalUser } from './terminal-user.ts'

const KEYS = 400
const WARM_UP = 20
const OUTPUT_BYTES = 20_000_000

export async function run(): Promise<BenchResult> {
  await using stack = await bootStack({ parts: 'real', env: { LOG_LEVEL: 'warn' } })
  const person = await createPerson(stack, 'terminal1')
  const [container] = await testContainers(stack.name)
  if (!container) throw new Error('There is no container.')
  const { NetworkSettings } = await engine().getContainer(container.Id).inspect()
  const host = Object.values(NetworkSettings.Networks)[0]?.IPAddress
  const edge = await openThroughEdge(person.client, person.handle)
  const direct = await openDirectly(`ws://${host}:4000`)
  try {
    const echo = await echoes(edge, direct)
    const output = await outputs(edge, direct)
    const [ours, floor] = [median(echo.edge), median(echo.direct)]
    const [oursMb, floorMb] = [median(output.edge), median(output.direct)]
    return {
      bench: 'terminal',
      ok: true,
      figures: {
        echoP50Ms: round(ours),
        echoP99Ms: round(quantile(echo.edge, 0.99)),
        outputMbPerS: round(oursMb),
      },
      floor: {
        echoP50Ms: round(floor),
        echoP99Ms: round(quantile(echo.direct, 0.99)),
        outputMbPerS: round(floorMb),
      },
      ratio: { echoOverDirect: round(ours / floor), outputOverDirect: round(oursMb / floorMb) },
      notes: `${KEYS} keys each way, in turns, echoed by the pseudoterminal of a shell that runs cat; ${OUTPUT_BYTES / 1e6} MB each way, acknowledged as the page does.`,
    }
  } finally {
    edge.close()
    direct.close()
  }
}

async function echoes(edge: TerminalUser, direct: TerminalUser) {
  const samples = { edge: [] as number[], direct: [] as number[] }
  await Promise.all([edge.begin('cat'), direct.begin('cat')])
  for (let key = 0; key < KEYS + WARM_UP; key++) {
    const ours = await edge.echo()
    const floor = await direct.echo()
    if (key < WARM_UP) continue
    samples.edge.push(ours)
    samples.direct.push(floor)
  }
  await Promise.all([edge.interrupt(), direct.interrupt()])
  return samples
}

/** Megabytes in a second. */
async function outputs(edge: TerminalUser, direct: TerminalUser) {
  const samples = { edge: [] as number[], direct: [] as number[] }
  for (let turn = 0; turn < 3; turn++) {
    for (const [name, user] of Object.entries({ edge, direct }) as ['edge' | 'direct', TerminalUser][]) {
      samples[name].push(OUTPUT_BYTES / 1000 / (await user.output(OUTPUT_BYTES)))
    }
  }
  return samples
}
