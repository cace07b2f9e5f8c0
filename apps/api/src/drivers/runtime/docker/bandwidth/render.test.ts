import { expect, it } from 'vitest'
import { createBandwidth } from './index.ts'
import { ratesTableOf, renderChange } from './render.ts'

const ADDRESS = '10.201.0.5'

it('names a table that is not the one of what instances may reach', () => {
  expect(ratesTableOf('matrixos-net')).toBe('rates_matrixos_net')
})

it('gives an address a bucket for each direction, with room for some large packets', () => {
  const rules = renderChange('t', ADDRESS, { had: false, wanted: 100_000 })
  expect(rules).toContain(
    'add rule inet t sent_100000 update @of_sent_100000 { ip saddr limit rate over 100000 bytes/second burst 262144 bytes } drop',
  )
  expect(rules).toContain(
    'update @of_received_100000 { ip daddr limit rate over 100000 bytes/second burst 262144 bytes } drop',
  )
  expect(rules).toContain(`add element inet t sent { ${ADDRESS} : jump sent_100000 }`)
  expect(rules).toContain(`add element inet t received { ${ADDRESS} : jump received_100000 }`)
  expect(rules).not.toContain('delete')
})

it('takes away what it had with the same stroke, and gives nothing where there is no limit', () => {
  const lines = renderChange('t', ADDRESS, { had: true, wanted: 2_000_000 }).split('\n')
  expect(lines[0]).toBe(`delete element inet t sent { ${ADDRESS} }`)
  expect(lines).toContain(`add element inet t sent { ${ADDRESS} : jump sent_2000000 }`)
  expect(renderChange('t', ADDRESS, { had: true, wanted: null })).toBe(
    `delete element inet t sent { ${ADDRESS} }\ndelete element inet t received { ${ADDRESS} }\n`,
  )
})

it('asks the kernel what an address has, and changes only what differs', async () => {
  let kernel: string | null = null
  const applied: string[] = []
  const nft = {
    element: async () => kernel,
    apply: async (rules: string) => {
      applied.push(rules)
      kernel = /sent \{ \S+ : (jump \w+)/.exec(rules)?.[1] ?? null
    },
  }
  const bandwidth = createBandwidth({ networkName: 'n', isHere: () => true, nft })
  await bandwidth.fit(ADDRESS, null)
  await Promise.all([bandwidth.fit(ADDRESS, 70_000), bandwidth.fit(ADDRESS, 70_000)])
  expect(applied).toHaveLength(1)
  await bandwidth.fit(ADDRESS, 7_000_000)
  await bandwidth.fit(ADDRESS, null)
  await bandwidth.fit(ADDRESS, null)
  expect(applied).toHaveLength(3)
})

it('goes on after a change that failed, and does nothing where it has no right', async () => {
  let asked = 0
  const nft = {
    element: async () => null,
    apply: async () => {
      if (asked++ === 0) throw new Error('busy')
    },
  }
  const bandwidth = createBandwidth({ networkName: 'n', isHere: () => true, nft })
  await expect(bandwidth.fit(ADDRESS, 70_000)).rejects.toThrow('busy')
  await bandwidth.fit(ADDRESS, 70_000)
  expect(asked).toBe(2)
  await createBandwidth({ networkName: 'n', isHere: () => false, nft }).fit(ADDRESS, 70_000)
  expect(asked).toBe(2)
})
