/** The rules for what instances send, as text for nft: a pure function of the bridges and of what stays open. */
import { isIPv6 } from 'node:net'
import type { Opening } from '../../../../ports/runtime.ts'

/** Link-local: where metadata services are. */
export const METADATA_RANGE = '169.254.0.0/16'

/** Not the internet: this machine, private and carrier networks, link-local (metadata services), benchmarks, multicast. */
const CLOSED_4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  METADATA_RANGE,
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/4',
  '240.0.0.0/4',
]
/** Parts of the internet's 2000::/3 that lead to IPv4 addresses by another way. */
const TUNNELS_6 = ['2001::/32', '2002::/16']
const MAIL_PORTS = [25, 465, 587]

/**
 * Connections, and what passes for one (a UDP packet to an address and a port, for half a minute), that an instance may
 * have under way: the kernel has one list of them for the whole machine, and what is full takes in nobody.
 */
const MOST_FLOWS = 2_048
const MOST_ADDRESSES = 65_535

export interface Rules {
  table: string
  /** The bridges' interfaces: addresses can be forged, what a packet came in by cannot. */
  bridges: readonly string[]
  /** Of the network on which nothing is reached; `null`: there is none. */
  closedBridge?: string | null
  openings: readonly Opening[]
  /** Name servers that the engine passes queries on to: without them, no name resolves in an instance. */
  nameServers: readonly string[]
  /** `false`: this kernel cannot count them. */
  countsFlows?: boolean
}

/** By family, as nft names their addresses and their types. */
const FAMILIES = [
  ['ip', 'ipv4_addr'],
  ['ip6', 'ipv6_addr'],
] as const

const flowSets = FAMILIES.map(
  ([family, type]) => `  set flows_${family} { type ${type}; size ${MOST_ADDRESSES}; flags dynamic; }\n`,
).join('')
const flowRules = FAMILIES.map(
  ([family]) =>
    `    ct state new add @flows_${family} { ${family} saddr ct count over ${MOST_FLOWS} } drop\n`,
).join('')

/** One by itself, several as a set. */
const anyOf = (names: readonly string[]): string => {
  const quoted = names.map((name) => `"${name}"`).join(', ')
  return names.length === 1 ? quoted : `{ ${quoted} }`
}

const to = (address: string) => `${isIPv6(address) ? 'ip6' : 'ip'} daddr ${address}`

/** Said at once: a program that waits for what it cannot reach would be taken for one that hangs. */
const nothing = (bridge: string) => `    iifname "${bridge}" reject\n`

/** To what this machine asks it. */
const onlyAnswers = (bridge: string) =>
  `    iifname "${bridge}" ct state established,related accept\n${nothing(bridge)}`

/**
 * Replaces the whole table at once, so that no packet meets half of it. A table of its own survives what other firewalls
 * do with theirs, and what it lets pass still has to pass theirs.
 */
export const renderRules = ({
  table,
  bridges,
  closedBridge = null,
  openings,
  nameServers,
  countsFlows = true,
}: Rules): string => `table inet ${table} {}
delete table inet ${table}
table inet ${table} {
${countsFlows ? flowSets : ''}  chain flows {
${countsFlows ? flowRules : ''}  }
  chain openings {
${openings.map(({ host, port }) => `    ${to(host)} tcp dport ${port} accept\n`).join('')}${nameServers
  .map((address) => `    ${to(address)} meta l4proto { tcp, udp } th dport 53 accept\n`)
  .join('')}  }
  chain closed {
    ip daddr { ${CLOSED_4.join(', ')} } drop
    ip6 daddr { ${TUNNELS_6.join(', ')} } drop
    ip6 daddr != 2000::/3 drop
  }
  chain to_host {
    type filter hook input priority -10; policy accept;
${closedBridge === null ? '' : onlyAnswers(closedBridge)}    iifname != ${anyOf(bridges)} accept
    ct state established,related accept
    jump flows
    jump openings
    jump closed
    tcp dport 443 accept
    drop
  }
  chain through_host {
    type filter hook forward priority -10; policy accept;
${closedBridge === null ? '' : nothing(closedBridge)}    iifname != ${anyOf(bridges)} accept
    ct state established,related accept
    tcp dport { ${MAIL_PORTS.join(', ')} } drop
    jump flows
    jump openings
    jump closed
  }
}
`

/** A table's name has letters, digits and underscores only; two platforms on one machine have two networks. */
export const tableOf = (networkName: string): string =>
  `instances_${networkName.replace(/[^a-zA-Z0-9]/g, '_')}`

/** Without what packets add to it: the rest stays as it was laid. */
export const withoutElements = (listed: string): string =>
  listed.replaceAll(/^\s*elements = \{[^}]*\}\n/gm, '')
