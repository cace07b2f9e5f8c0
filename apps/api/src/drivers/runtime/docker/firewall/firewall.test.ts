import { expect, it } from 'vitest'
import { createFirewall, type FirewallMode, type FirewallNft } from './index.ts'

/** A kernel with one table. */
function fakeNft(overrides: Partial<FirewallNft> = {}) {
  const kernel = { table: null as string | null, applied: 0 }
  const nft: FirewallNft = {
    isUsable: () => true,
    hasInterface: () => true,
    apply: async (rules) => {
      kernel.table = rules
      kernel.applied++
    },
    read: async () => kernel.table,
    nameServers: async () => [],
    ...overrides,
  }
  return { nft, kernel }
}

const open = (mode: FirewallMode, nft: FirewallNft) =>
  createFirewall({ mode, nft, networkName: 'matrixos-net', openings: [{ host: '10.201.0.1', port: 4100 }] })

it('lays the table once, and again only when the bridge or the table has changed', async () => {
  const { nft, kernel } = fakeNft()
  const firewall = open('auto', nft)
  await firewall.ensure(['br-1'])
  await firewall.ensure(['br-1'])
  expect(kernel.applied).toBe(1)
  await firewall.ensure(['br-2'])
  expect(kernel.table).toContain('"br-2"')
  kernel.table = 'table inet instances_matrixos_net {}'
  await firewall.ensure(['br-2'])
  expect(kernel).toMatchObject({ applied: 3, table: expect.stringContaining('"br-2"') })
  kernel.table = null
  await firewall.ensure(['br-2'])
  expect(kernel.applied).toBe(4)
})

it('does not take what the kernel counts for a change of the table', async () => {
  const { nft, kernel } = fakeNft()
  const firewall = open('auto', nft)
  await firewall.ensure(['br-1'])
  const counted =
    '\n\t\telements = { 10.201.0.5 ct count over 2048,\n\t\t\t     10.201.0.6 ct count over 2048 }\n'
  kernel.table = kernel.table?.replace('flags dynamic; }\n', `flags dynamic; }\n${counted.slice(1)}`) ?? null
  expect(kernel.table).toContain('10.201.0.6')
  await firewall.ensure(['br-1'])
  expect(kernel.applied).toBe(1)
})

it('lays the walls without a count where the kernel has none, and says so', async () => {
  const { nft, kernel } = fakeNft()
  const { apply } = nft
  nft.apply = async (rules) => {
    if (rules.includes('ct count')) throw new Error('Could not process rule: No such file or directory')
    await apply(rules)
  }
  const firewall = open('api', nft)
  await firewall.ensure(['br-1'])
  await firewall.ensure(['br-1'])
  expect(kernel.table).toContain('"br-1"')
  expect(firewall.state()).toEqual({ by: 'api', why: expect.stringContaining('connections') })
})

it('fails closed where the api is to keep the table and cannot', async () => {
  const noInterface = open('api', fakeNft({ hasInterface: () => false }).nft)
  await expect(noInterface.ensure(['br-1'])).rejects.toMatchObject({ code: 'isolation_broken' })
  const { nft } = fakeNft({ apply: async () => Promise.reject(new Error('Operation not permitted')) })
  await expect(open('api', nft).ensure(['br-1'])).rejects.toMatchObject({
    code: 'isolation_broken',
    cause: { message: expect.stringContaining('Operation not permitted') },
  })
})

it('says that nobody keeps it, and why, where it was left to the api and the api cannot', async () => {
  expect(open('auto', fakeNft({ isUsable: () => false }).nft).state()).toMatchObject({ by: 'nobody' })
  const firewall = open('auto', fakeNft({ hasInterface: () => false }).nft)
  expect(firewall.state().by).toBe('api')
  await firewall.ensure(['br-1'])
  expect(firewall.state()).toEqual({ by: 'nobody', why: expect.stringContaining('br-1') })
})

it('lays it after all where the first attempt failed for a moment', async () => {
  const { nft, kernel } = fakeNft()
  const moment = { isOver: false }
  const apply = async (rules: string) =>
    moment.isOver ? await nft.apply(rules) : Promise.reject(new Error('timed out'))
  const firewall = open('auto', { ...nft, apply })
  expect(await firewall.ensure(['br-1'])).toBe(false)
  expect(firewall.state().by).toBe('nobody')
  moment.isOver = true
  expect(await firewall.ensure(['br-1'])).toBe(true)
  expect(firewall.state()).toEqual({ by: 'api', why: null })
  expect(kernel.table).toContain('"br-1"')
})

it('does not know whether metadata is closed where the rules cannot be read', async () => {
  const { nft, kernel } = fakeNft()
  const busy = { isOn: false }
  const read = async (table: string) =>
    busy.isOn ? Promise.reject(new Error('timed out')) : await nft.read(table)
  const firewall = open('api', { ...nft, read })
  await firewall.ensure(['br-1'])
  expect(await firewall.closesMetadata()).toBe(true)
  busy.isOn = true
  expect(await firewall.closesMetadata()).toBeNull()
  busy.isOn = false
  kernel.table = null
  expect(await firewall.closesMetadata()).toBe(false)
})

it('does not give up a table that it once laid', async () => {
  const refusal = { isOn: false }
  const { nft, kernel } = fakeNft()
  const apply = async (rules: string) =>
    refusal.isOn ? Promise.reject(new Error('no')) : await nft.apply(rules)
  const firewall = open('auto', { ...nft, apply })
  await firewall.ensure(['br-1'])
  refusal.isOn = true
  kernel.table = null
  await expect(firewall.ensure(['br-1'])).rejects.toMatchObject({ code: 'isolation_broken' })
  expect(firewall.state().by).toBe('api')
})

it('leaves the table alone where somebody else keeps it', async () => {
  for (const mode of ['host', 'off'] as const) {
    const { nft, kernel } = fakeNft()
    await open(mode, nft).ensure(['br-1'])
    expect(kernel.applied).toBe(0)
  }
})
