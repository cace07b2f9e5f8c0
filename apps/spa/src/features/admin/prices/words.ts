/** Rates and sources of prices in words. */
import type { PriceView } from '@matrixos/shared'

export type RateName = keyof PriceView['rates']

export const RATES: readonly { name: RateName; label: string; short: string }[] = [
  { name: 'input', label: 'Input', short: 'Input' },
  { name: 'cacheWrite5m', label: 'Cache write, 5 min', short: '5 min write' },
  { name: 'cacheWrite1h', label: 'Cache write, 1 hour', short: '1 h write' },
  { name: 'cacheRead', label: 'Cache read', short: 'Cache read' },
  { name: 'output', label: 'Output', short: 'Output' },
]

export const SOURCES: Record<PriceView['source'], string> = {
  package: 'as published',
  file: 'from the overrides file',
  admin: 'edited',
}
