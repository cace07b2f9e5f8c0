/**
 * A wake while another start hangs, against the same wake without it: on a platform that gives the engine one call of
 * a kind at a time, where a start that held its place until it is healthy would be noticed most.
 */
import { execFile } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { waitUntilRunning, wakeInstance } from '@matrixos/client'
import { HOME_FOLDER } from '@matrixos/shared'
import { until } from '@matrixos/testing/until'
import { bootStack, type Stack } from '../support/stack.ts'
import { createPerson, type Person } from './people.ts'
import { timed } from './result.ts'

const BLOCKS = 3
const WAKES_PER_BLOCK = 4

export interface HangingStartSamples {
  /** Milliseconds of each wake. */
  beside: number[]
  alone: number[]
}

export async function measureHangingStart(): Promise<HangingStartSamples> {
  await using stack = await bootStack({
    parts: 'real',
    env: { LOG_LEVEL: 'warn', ENGINE_CONCURRENCY: '1' },
  })
  const person = await createPerson(stack, 'healthy')
  const hanging = await createPerson(stack, 'hanging')
  const samples: HangingStartSamples = { beside: [], alone: [] }
  await wakes(person, 1)
  for (let block = 0; block < BLOCKS; block++) {
    await hanging.sleep()
    samples.alone.push(...(await wakes(person, WAKES_PER_BLOCK)))
    const release = await makeHang(stack, hanging)
    await wakeInstance(hanging.client)
    await until('the start hangs', () => isHanging(hanging), 30_000)
    samples.beside.push(...(await wakes(person, WAKES_PER_BLOCK)))
    if (!(await isHanging(hanging))) throw new Error('The start did not hang for as long as it was measured.')
    await release()
    await waitUntilRunning(hanging.client)
  }
  return samples
}

const isHanging = async ({ client }: Person): Promise<boolean> => {
  const { observed, step } = await client.trpc.tenants.mine.query()
  return observed === 'starting' && step === 'health'
}

/**
 * Its first boot begins anew at the next start, and waits for somebody to write into a pipe that stands in a file's
 * place. Resolves with what ends that wait.
 */
async function makeHang({ dataDir }: Stack, { handle }: Person): Promise<() => Promise<void>> {
  const home = join(dataDir, 'instances', handle, HOME_FOLDER)
  const pipe = join(home, 'config.json')
  for (const name of ['system', 'config.json']) rmSync(join(home, name), { recursive: true })
  await promisify(execFile)('mkfifo', ['-m', '666', pipe])
  return async () => {
    const writer = await open(pipe, 'w')
    rmSync(pipe)
    writeFileSync(pipe, '{}', { mode: 0o666 })
    await writer.close()
  }
}

async function wakes(person: Person, count: number): Promise<number[]> {
  const samples: number[] = []
  for (let i = 0; i < count; i++) {
    await person.sleep()
    samples.push(await timed(person.visit))
  }
  return samples
}
