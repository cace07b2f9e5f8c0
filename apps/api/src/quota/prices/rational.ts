/** Exact fractions, so that a charge is rounded once, at its end. Never negative. */
export interface Rational {
  n: bigint
  /** Above 0. */
  d: bigint
}

export const ONE: Rational = { n: 1n, d: 1n }
export const ZERO: Rational = { n: 0n, d: 1n }

export const add = (a: Rational, b: Rational): Rational =>
  a.d === b.d ? { n: a.n + b.n, d: a.d } : { n: a.n * b.d + b.n * a.d, d: a.d * b.d }

export const multiply = (a: Rational, b: Rational): Rational => ({ n: a.n * b.n, d: a.d * b.d })

export const roundUp = ({ n, d }: Rational): bigint => (n + d - 1n) / d
