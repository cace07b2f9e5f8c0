/**
 * The prices of `@pydantic/genai-prices` in our terms. Of its data we take the rates, never its matching: it takes
 * longer names for shorter ones (`claude-sonnet-5-5` for `claude-sonnet-5`). A name counts where it is an entry's id or
 * one that the entry's match spells out in full.
 *
 * What cannot be charged exactly is left out, so that such a model is unknown:
 * - entries with units that a call of text does not have (audio, images, hours), or without input or output, and names
 *   of models that are known to have such;
 * - of Anthropic, entries that lack a rate of the cache: every call may use it.
 * An OpenAI entry that lacks one is taken with the full rate of input, since its provider then offers no discount for
 * what is read and asks for nothing on top of input for what is written. OpenAI's cache has no lives to choose from: its
 * one rate of writing stands for both.
 */

import { AI_PROVIDERS, type AiProvider, type ModelPrice, parseUsd, type TokenRates } from '@matrixos/shared'
import { type ConditionalPrice, findProvider, type MatchLogic, type ModelInfo } from '@pydantic/genai-prices'
import { undated } from './match.ts'

type PackagePrices = Extract<ModelInfo['prices'], Record<string, unknown>>

/** Everything else is a unit that our ledger does not count. */
const KNOWN_UNITS = new Set([
  'input_mtok',
  'output_mtok',
  'cache_read_mtok',
  'cache_write_mtok',
  'cache_write_1h_mtok',
  'web_searches_kcount',
  // Of a tool that the proxy does not let through on the platform's key.
  'storage_searches_kcount',
])
/** Their entries give some rates only: of the text of what also hears, draws or searches, or of what anybody tuned. */
const INCOMPLETE = /audio|realtime|transcribe|tts|image|search|^ft:|[.]ft-/

/** Nano-USD; `null`: not a price that can be charged exactly. */
function nano(usd: number): bigint | null {
  const text = String(usd)
  return /^\d{1,9}(\.\d{1,9})?$/.test(text) ? parseUsd(text) : null
}

type Key = 'input_mtok' | 'output_mtok' | 'cache_read_mtok' | 'cache_write_mtok' | 'cache_write_1h_mtok'

/** With several limits, the lowest: what is above it costs the dearest of their rates. */
function rateOf(prices: PackagePrices, key: Key, isLong: boolean): bigint | null {
  const price = prices[key]
  if (price === undefined) return null
  if (typeof price === 'number') return nano(price)
  return nano(isLong ? Math.max(price.base, ...price.tiers.map((tier) => tier.price)) : price.base)
}

function ratesOf(provider: AiProvider, prices: PackagePrices, isLong: boolean): TokenRates | null {
  const [input, output] = [rateOf(prices, 'input_mtok', isLong), rateOf(prices, 'output_mtok', isLong)]
  if (input === null || output === null) return null
  const missing = provider === 'openai' ? input : null
  const cacheRead = rateOf(prices, 'cache_read_mtok', isLong) ?? missing
  const cacheWrite5m = rateOf(prices, 'cache_write_mtok', isLong) ?? missing
  const cacheWrite1h =
    rateOf(prices, 'cache_write_1h_mtok', isLong) ?? (provider === 'openai' ? cacheWrite5m : null)
  if (cacheRead === null || cacheWrite5m === null || cacheWrite1h === null) return null
  return { input, cacheWrite5m, cacheWrite1h, cacheRead, output }
}

function longPromptOf(provider: AiProvider, prices: PackagePrices): ModelPrice['longPrompt'] {
  const tiers = Object.values(prices).flatMap((price) => (typeof price === 'object' ? price.tiers : []))
  const rates = ratesOf(provider, prices, true)
  return tiers.length > 0 && rates
    ? { aboveTokens: Math.min(...tiers.map(({ start }) => start)), rates }
    : null
}

/** Names that a match spells out in full. */
function namesIn(match: MatchLogic): string[] {
  if ('equals' in match) return [match.equals]
  return 'or' in match ? match.or.flatMap(namesIn) : []
}

/** Without the dated ones whose undated name is there as well: that stands for them. */
function namesOf(provider: AiProvider, { id, match }: ModelInfo): string[] {
  const names = [...new Set([id, ...namesIn(match)])].filter((name) => !INCOMPLETE.test(name))
  return names.filter((name) => {
    const base = undated(provider, name)
    return base === null || !names.includes(base)
  })
}

/** `null`: prices that depend on the time of day, which a call may outlast. */
function startOf({ constraint }: ConditionalPrice): Date | null {
  if (!constraint) return new Date(0)
  return constraint.type === 'start_date' ? new Date(`${constraint.start_date}T00:00:00Z`) : null
}

export function pricesOf(provider: AiProvider, model: ModelInfo): ModelPrice[] {
  const conditional = Array.isArray(model.prices) ? model.prices : [{ prices: model.prices }]
  return conditional.flatMap((one) => {
    const [effectiveFrom, { prices }] = [startOf(one), one]
    const rates = ratesOf(provider, prices, false)
    const isText = Object.keys(prices).every((key) => KNOWN_UNITS.has(key))
    if (!effectiveFrom || !rates || !isText) return []
    const searches = prices.web_searches_kcount
    return namesOf(provider, model).map((name) => ({
      provider,
      model: name,
      effectiveFrom,
      rates,
      longPrompt: longPromptOf(provider, prices),
      webSearchPer1000: typeof searches === 'number' ? nano(searches) : null,
      // An answer is never longer than all that the model can hold.
      maxOutputTokens: model.context_window ?? null,
      source: 'package' as const,
    }))
  })
}

/** All prices of the installed package that can be charged exactly. */
export const packagePrices = (): ModelPrice[] =>
  AI_PROVIDERS.flatMap((id) =>
    (findProvider({ providerId: id })?.models ?? []).flatMap((model) => pricesOf(id, model)),
  )
