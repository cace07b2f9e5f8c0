/** A wake while another computer stops, or is being made, against the same wake alone: the three in turns. */
import { signUp, waitUntilRunning } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import type { Stack } from '../support/stack.ts'
import type { Person } from './people.ts'
import { timed } from './result.ts'

const ROUNDS = 10

export interface BesideSamples {
  /** Milliseconds of each wake. */
  alone: number[]
  stopping: number[]
  creating: number[]
}

export async function measureWakesBeside(
  stack: Stack,
  person: Person,
  other: Person,
): Promise<BesideSamples> {
  const samples: BesideSamples = { alone: [], stopping: [], creating: [] }
  for (let round = 0; round < ROUNDS; round++) {
    await person.sleep()
    samples.alone.push(await timed(person.visit))

    await other.visit()
    await person.sleep()
    const stopping = other.fallAsleep()
    samples.stopping.push(await timed(person.visit))
    await stopping
    await other.untilAsleep()

    await person.sleep()
    const client = stack.client()
    // Its home and container are made once this has come back.
    await signUp({ client, authenticator: createAuthenticator(), handle: `made${round}` })
    samples.creating.push(await timed(person.visit))
    await waitUntilRunning(client)
  }
  return samples
}
