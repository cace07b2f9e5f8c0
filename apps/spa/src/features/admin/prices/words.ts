/** Rates and sources of prices in words. */
import type { PriceView } from '@matrixos/shared'

export type RateName = keyof PriceView['rates']

export const RATES: readonly { name: RateName; label: string }[] = [
  { name: 'input', label: 'Input' },
  { name: 'cacheWrite5m', label: '5 min write' },
  { name: 'cacheWrite1h', label: '1 h write' },
  { name: 'cacheRead', label: 'Cache read' },
  { name: 'output', label: 'Output' },
]

export const SOURCES: Record<PriceView['source'], string> = {
  package: 'as published',
  file: 'from the overrides file',
  admin: 'edited',
}
