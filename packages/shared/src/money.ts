/** Money is integer nano-USD: 1 USD = 1,000,000,000. On the wire it is a decimal string of USD. */

export type NanoUsd = bigint

const NANO_PER_USD = 1_000_000_000n

/** `'5.00'` → 5_000_000_000n. Throws a RangeError for anything that is not a plain decimal of at most 9 places. */
export function parseUsd(text: string): NanoUsd {
  const match = /^(-?)(\d{1,12})(?:\.(\d{1,9}))?$/.exec(text)
  if (!match) throw new RangeError(`Not an amount of USD: ${text}`)
  const nano = BigInt(match[2] ?? '0') * NANO_PER_USD + BigInt((match[3] ?? '').padEnd(9, '0'))
  return match[1] ? -nano : nano
}

/** Exact decimal string with at least two places: 2_300_000_000n → `'2.30'`. */
export function formatUsd(nano: NanoUsd): string {
  const abs = nano < 0n ? -nano : nano
  const fraction = (abs % NANO_PER_USD)
    .toString()
    .padStart(9, '0')
    .replace(/0{1,7}$/, '')
  return `${nano < 0n ? '-' : ''}${abs / NANO_PER_USD}.${fraction}`
}

/** `numerator / denominator` of an amount, rounded up once, as every charge is. Amounts are not negative. */
export function scaleUp(nano: NanoUsd, numerator: bigint, denominator: bigint): NanoUsd {
  return (nano * numerator + denominator - 1n) / denominator
}
