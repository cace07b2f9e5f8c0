/** Rules for nft that let an instance send and receive no more than so much a second. Pure. */

/** Which rate an instance has, by its address: what it sends, and what is sent to it. */
export const SENT = 'sent'
const RECEIVED = 'received'

const MOST_ADDRESSES = 65_535
/**
 * Besides what a second gives, which the kernel lets gather by itself. A card hands on up to 64 KiB as one packet; with less
 * than some of these at once, connections would starve.
 */
export const BURST_BYTES = 262_144

export const chainOf = (direction: string, bytesPerS: number): string => `${direction}_${bytesPerS}`

/** Repeatable: chains are emptied before they are filled, in the same transaction. */
function chain(table: string, name: string, rules: readonly string[], hook = ''): string[] {
  return [
    `add chain inet ${table} ${name}${hook && ` { type filter hook ${hook} priority -20; policy accept; }`}`,
    `flush chain inet ${table} ${name}`,
    ...rules.map((rule) => `add rule inet ${table} ${name} ${rule}`),
  ]
}

const base = (table: string): string[] => [
  `add table inet ${table}`,
  `add map inet ${table} ${SENT} { type ipv4_addr : verdict; }`,
  `add map inet ${table} ${RECEIVED} { type ipv4_addr : verdict; }`,
  ...chain(table, 'to_host', [`ip saddr vmap @${SENT}`], 'input'),
  ...chain(table, 'from_host', [`ip daddr vmap @${RECEIVED}`], 'output'),
  ...chain(table, 'through_host', [`ip saddr vmap @${SENT}`, `ip daddr vmap @${RECEIVED}`], 'forward'),
]

/** Each address has a bucket of its own; what does not fit is dropped, and TCP slows down. */
function rate(table: string, direction: string, bytesPerS: number): string[] {
  const name = chainOf(direction, bytesPerS)
  const address = direction === SENT ? 'ip saddr' : 'ip daddr'
  const limit = `limit rate over ${bytesPerS} bytes/second burst ${BURST_BYTES} bytes`
  return [
    `add set inet ${table} of_${name} { type ipv4_addr; size ${MOST_ADDRESSES}; flags dynamic; }`,
    ...chain(table, name, [`update @of_${name} { ${address} ${limit} } drop`]),
  ]
}

/** From one rate to another; `null`: none. What an address had is taken away with the same stroke. */
export function renderChange(
  table: string,
  address: string,
  { had, wanted }: { had: boolean; wanted: number | null },
): string {
  const maps = [SENT, RECEIVED]
  const taken = had ? maps.map((map) => `delete element inet ${table} ${map} { ${address} }`) : []
  const given =
    wanted === null
      ? []
      : [
          ...base(table),
          ...maps.flatMap((map) => [
            ...rate(table, map, wanted),
            `add element inet ${table} ${map} { ${address} : jump ${chainOf(map, wanted)} }`,
          ]),
        ]
  return `${[...taken, ...given].join('\n')}\n`
}

/** What sends packets by the maps, as the kernel spells it. */
const HOOKED = [
  [`hook input`, `ip saddr vmap @${SENT}`],
  [`hook output`, `ip daddr vmap @${RECEIVED}`],
  [`hook forward`, `ip saddr vmap @${SENT}`],
  [`hook forward`, `ip daddr vmap @${RECEIVED}`],
]

/** Whether the kernel's table still does what it was made for: whoever reloads a firewall may have emptied it. */
export function isWhole(listed: string): boolean {
  const chains = listed.split(/^\s*chain /m).slice(1)
  const has = (chain: string, text: string) => chain.includes(text)
  const isHooked = HOOKED.every(([hook = '', rule = '']) =>
    chains.some((chain) => has(chain, hook) && has(chain, rule)),
  )
  const rates = chains.filter((chain) => /^(sent|received)_\d/.test(chain))
  return isHooked && rates.every((chain) => has(chain, 'limit rate over'))
}

/** Beside the table of what instances may reach, which is laid anew as a whole. */
export const ratesTableOf = (networkName: string): string =>
  `rates_${networkName.replace(/[^a-zA-Z0-9]/g, '_')}`
