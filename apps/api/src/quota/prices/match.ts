/**
 * Which price a model's id stands for: its own, or that of the same id without its date. Never by prefix: a newer model
 * often has an older one's name at its beginning.
 */
import type { AiProvider } from '@matrixos/shared'

const DATED: Record<AiProvider, RegExp> = {
  anthropic: /^(.+)-20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/,
  openai: /^(.+)-20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/,
}

/** Without its date; `null`: it has none. */
export const undated = (provider: AiProvider, model: string): string | null =>
  DATED[provider].exec(model)?.[1] ?? null

/** In the order in which they count. */
export function namesFor(provider: AiProvider, model: string): string[] {
  const base = undated(provider, model)
  return base === null ? [model] : [model, base]
}
