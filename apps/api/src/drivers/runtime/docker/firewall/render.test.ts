import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { ROOT } from '@matrixos/host/root'
import { expect, it } from 'vitest'
import { nameServersOf } from './nft.ts'
import { renderRules, tableOf } from './render.ts'

const RULES = {
  table: tableOf('matrixos-net'),
  bridges: ['br-0123456789ab'],
  openings: [
    { host: '10.201.0.1', port: 4100 },
    { host: 'fd00::8', port: 8008 },
  ],
  nameServers: ['10.0.0.2'],
}

it.each([
  ['one bridge', ['br-0123456789ab']],
  ['several', ['br-0123456789ab', 'br-111111111111']],
])('lays the same rules as the script for hosts where the api may not, for %s', (_, bridges) => {
  const script = join(ROOT, 'deploy/host/instance-network.sh')
  const printed = execFileSync(script, ['print'], {
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      DOCKER_NETWORK: 'matrixos-net',
      AI_PROXY: '10.201.0.1:4100',
      INSTANCES_MAY_REACH: '[fd00::8]:8008',
      INSTANCE_BRIDGE: bridges.toReversed().join(' '),
      NAME_SERVERS: '10.0.0.2',
    },
  })
  expect(printed).toBe(renderRules({ ...RULES, bridges }))
})

it('closes mail before it opens anything, and opens before it closes private networks', () => {
  const chain = renderRules(RULES).split('chain through_host')[1] ?? ''
  const order = ['{ 25, 465, 587 } drop', 'jump openings', 'jump closed'].map((part) => chain.indexOf(part))
  expect(order).toEqual(order.toSorted((a, b) => a - b))
  expect(order).not.toContain(-1)
})

it('names a table that nft accepts', () => {
  expect(tableOf('my-net.two')).toBe('instances_my_net_two')
})

it('reads name servers once each, and none that only the host itself can ask', () => {
  const text =
    'nameserver 127.0.0.53\nnameserver 10.0.0.3\nsearch x\nnameserver 10.0.0.2\nnameserver 10.0.0.3\nnameserver ::1\nnameserver fe80::1%eth0\n'
  expect(nameServersOf(text)).toEqual(['10.0.0.2', '10.0.0.3'])
})

it('lets what is on the closed network answer this machine, and nothing else', () => {
  const rules = renderRules({ ...RULES, closedBridge: 'br-closed' })
  const [toHost = '', throughHost = ''] = rules.split('chain to_host')[1]?.split('chain through_host') ?? []
  const answers = 'iifname "br-closed" ct state established,related accept'
  const nothing = 'iifname "br-closed" reject'
  expect(toHost.indexOf(answers)).toBeGreaterThan(0)
  expect(toHost.indexOf(nothing)).toBeGreaterThan(toHost.indexOf(answers))
  expect(throughHost).toContain(nothing)
  expect(throughHost).not.toContain(answers)
  for (const chain of [toHost, throughHost])
    expect(chain.indexOf(nothing)).toBeLessThan(chain.indexOf('iifname !='))
  expect(rules.replaceAll(/.*"br-closed".*\n/g, '')).toBe(renderRules(RULES))
})
