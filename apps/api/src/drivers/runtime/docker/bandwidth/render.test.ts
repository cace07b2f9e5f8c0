import { expect, it } from 'vitest'
import { createBandwidth } from './index.ts'
import { isWhole, ratesTableOf, renderChange } from './render.ts'

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
    read: async () => null,
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
    read: async () => null,
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

/** As the kernel spells it. */
const LISTED = `table inet t {
	map sent {
		type ipv4_addr : verdict
		elements = { 10.201.0.5 : jump sent_70000 }
	}
	chain to_host {
		type filter hook input priority -20; policy accept;
		ip saddr vmap @sent
	}
	chain from_host {
		type filter hook output priority -20; policy accept;
		ip daddr vmap @received
	}
	chain through_host {
		type filter hook forward priority -20; policy accept;
		ip saddr vmap @sent
		ip daddr vmap @received
	}
	chain sent_70000 {
		update @of_sent_70000 { ip saddr limit rate over 70000 bytes/second burst 256 kbytes } drop
	}
}`

it('knows a table that was emptied from one that limits', () => {
  expect(isWhole(LISTED)).toBe(true)
  expect(isWhole(LISTED.replace(/^.*limit rate.*\n/m, ''))).toBe(false)
  for (const rule of ['ip saddr vmap @sent', 'ip daddr vmap @received'])
    for (const where of [LISTED.indexOf(rule), LISTED.lastIndexOf(rule)])
      expect(isWhole(LISTED.slice(0, where) + LISTED.slice(where + rule.length))).toBe(false)
})

it('takes away what is left of an emptied table, so that each address is given its limit anew', async () => {
  let listed: string | null = LISTED
  const applied: string[] = []
  const nft = {
    read: async () => listed,
    element: async () => null,
    apply: async (rules: string) => void applied.push(rules),
  }
  const bandwidth = createBandwidth({ networkName: 'n', isHere: () => true, nft })
  expect(await bandwidth.isKept()).toBe(true)
  listed = LISTED.replaceAll('vmap', '')
  expect(await bandwidth.isKept()).toBe(false)
  listed = null
  expect(await bandwidth.isKept()).toBe(false)
  expect(applied).toEqual(['delete table inet rates_n\n'])
})
