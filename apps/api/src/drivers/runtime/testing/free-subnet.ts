/** Networks for tests that run at the same time on one engine. */
import { randomInt } from 'node:crypto'
import Docker from 'dockerode'
import { parse } from '../docker/subnet.ts'

/** Addresses of tests: 10.210.0.0 to 10.249.255.255. */
const FIRST = 210
const END = 250

/** Of the engine's networks, which it names by `10.1.2.0/24`; those for IPv6 are left out. */
async function taken(): Promise<{ base: number; size: number }[]> {
  const networks = await new Docker().listNetworks()
  const subnets = networks.flatMap(({ IPAM }) => IPAM?.Config ?? []).map(({ Subnet }) => Subnet ?? '')
  return subnets.filter((subnet) => subnet.startsWith('10.')).map(parse)
}

/** Like `10.210.16.0/20`, and no network of the engine has an address of it. */
export async function freeSubnet(bits: 20 | 24): Promise<string> {
  const others = await taken()
  const step = bits === 20 ? 16 : 1
  for (;;) {
    const subnet = `10.${randomInt(FIRST, END)}.${randomInt(256 / step) * step}.0/${bits}`
    const { base, size } = parse(subnet)
    if (others.every((other) => other.base + other.size <= base || base + size <= other.base)) return subnet
  }
}
