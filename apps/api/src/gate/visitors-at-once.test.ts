/** Many open the page of a sleeping computer in the same moment: a class, or somebody who wants nobody else to wake it. */
import { hostsOf, newId } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { memoryLimit } from '../limits/attempt-limit.ts'
import type { InstanceRow } from '../tenants/store.ts'
import { readCheckRequest } from './check-request.ts'
import { createCheckResponses } from './check-response.ts'
import { createVisitors } from './visitors.ts'

const hosts = hostsOf('https://mos.test', 'mosinst')
const asleep = {
  id: newId('ins', systemClock),
  handle: 'ada',
  desired: 'asleep',
  observed: 'stopped',
} as InstanceRow

const BROWSER = {
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36',
}

function rig(most: number) {
  let time = 1_000
  const limit = (name: string, attempts: number) =>
    memoryLimit({ name, attempts, seconds: 3_600, message: 'Too many.' })
  const limits = { perNetwork: limit('network', most), perApp: limit('app', most) }
  const any = { perNetwork: limit('any-network', 1_000), perApp: limit('any-app', 1_000) }
  const visitors = createVisitors({
    publications: { of: () => undefined },
    limits: { requests: any, webSockets: any, wakes: limits },
    responses: createCheckResponses({ hosts, clock: systemClock, lineOf: () => null }),
    usage: { touch: () => undefined, arrive: () => undefined, touchByGuest: () => undefined },
    addressOf: () => '',
    nonce: () => '',
    monotonic: () => time,
  })
  const open = (network: number) => {
    const headers = {
      ...{ host: 'game--ada.mosinst', 'x-forwarded-for': `192.0.2.${network}`, ...BROWSER },
      ...{ 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
    }
    return visitors.receive(readCheckRequest(headers, hosts), asleep, false)
  }
  return {
    open,
    later: () => {
      time += 60_000
    },
  }
}

it('counts them as one that wakes it', async () => {
  const { open, later } = rig(2)
  expect(await Promise.all(Array.from({ length: 40 }, (_, at) => open(at % 4)))).toEqual(Array(40).fill(null))
  // Before this process knows that it is awake.
  expect(await open(0)).toBe(null)
  later()
  expect(await open(0)).toBe(null)
  later()
  await expect(open(0)).rejects.toMatchObject({ code: 'too_many_requests' })
})

it('refuses all of them when it was woken too often, and lets none of them wait for the next', async () => {
  const { open, later } = rig(1)
  await open(0)
  later()
  const refused = await Promise.allSettled([open(1), open(2), open(3)])
  expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
})
