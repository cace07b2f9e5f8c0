/**
 * What an idle instance needs in memory and how fast it starts, against a server of one line in the same image. With
 * `BEFORE_IMAGE=TAG` a third one starts in turns with them: an image that an earlier version built.
 */
import { setTimeout as delay } from 'node:timers/promises'
import Docker from 'dockerode'
import { type Memory, runContainer, type TestContainer } from '../../apps/instance/src/testing/container.ts'
import { DAY, loadPage } from '../../apps/instance/src/testing/day-of-use.ts'
import { buildInstanceImage } from '../../apps/supervisor/src/instance-image/build.ts'
import { ENTRYPOINT } from '../../apps/supervisor/src/instance-image/config.ts'
import { type BenchResult, median, round } from './result.ts'

const IMAGE = 'mosi-bench:idle'
const BOOTS = 15
/** Until what was just done is over, such as a process that ends. */
const SETTLE_MS = 3_000
const IDLE_MS = 60_000
const MB = 1024 * 1024

const BARE = [
  ...ENTRYPOINT.slice(0, -1),
  '--eval',
  `require('node:http').createServer((_, response) => response.end('{}')).listen(4000)`,
]

export async function run(): Promise<BenchResult> {
  await buildInstanceImage({ tag: IMAGE })
  try {
    return await measure(process.env.BEFORE_IMAGE)
  } finally {
    await new Docker().getImage(IMAGE).remove({ force: true })
  }
}

async function measure(beforeImage: string | undefined): Promise<BenchResult> {
  const memory = await memoryOfADay()
  const bare = await memoryOfBare()
  const boots = await bootTimes(beforeImage)
  const [ours, floor] = [median(boots.ours), median(boots.bare)]
  return {
    bench: 'idle',
    ok: true,
    figures: {
      bootMb: mb(memory.boot.workingSet),
      pageMb: mb(memory.page.workingSet),
      afterUseMb: mb(memory.afterUse.held),
      afterUseWorkingSetMb: mb(memory.afterUse.workingSet),
      bootP50Ms: round(ours),
    },
    floor: { bootMb: mb(bare.workingSet), bootP50Ms: round(floor) },
    ratio: {
      bootMbOverBare: round(memory.boot.workingSet / bare.workingSet),
      afterUseMbOverBoot: round(memory.afterUse.held / memory.boot.held),
      bootOverBare: round(ours / floor),
      bootOverBefore: boots.before.length > 0 ? round(ours / median(boots.before)) : null,
    },
    notes: `Working set of the container (usage without inactive_file) after the first health and after the page was loaded and closed; after a day's use and ${IDLE_MS / 1000} s without any, what it holds: without the kernel's copies of the files, which it drops when memory is wanted, and which are in afterUseWorkingSetMb. Node's own program, which all containers share, is paid by whichever came first. ${BOOTS} starts each, in turns, from the engine's call to the first 200.`,
  }
}

async function memoryOfADay(): Promise<Record<'boot' | 'page' | 'afterUse', Memory>> {
  await using instance = await runContainer({ image: IMAGE })
  const host = await instance.start()
  const boot = await settled(instance)
  await loadPage(host)
  const page = await settled(instance)
  for (const step of Object.values(DAY)) await step(host)
  await delay(IDLE_MS)
  return { boot, page, afterUse: await instance.memory() }
}

async function memoryOfBare(): Promise<Memory> {
  await using bare = await runContainer({ image: IMAGE, entrypoint: BARE })
  await bare.start()
  return await settled(bare)
}

async function settled(container: TestContainer): Promise<Memory> {
  await delay(SETTLE_MS)
  return container.memory()
}

async function bootTimes(beforeImage: string | undefined) {
  await using ours = await runContainer({ image: IMAGE })
  await using bare = await runContainer({ image: IMAGE, entrypoint: BARE })
  await using before = beforeImage ? await runContainer({ image: beforeImage }) : null
  const times = { ours: [] as number[], bare: [] as number[], before: [] as number[] }
  // The first start fills the home.
  for (let number = 0; number <= BOOTS; number++) {
    const took = { ours: await ours.bootMs(), bare: await bare.bootMs(), before: await before?.bootMs() }
    if (number === 0) continue
    times.ours.push(took.ours)
    times.bare.push(took.bare)
    if (took.before !== undefined) times.before.push(took.before)
  }
  return times
}

const mb = (bytes: number): number => Math.round((bytes / MB) * 10) / 10
