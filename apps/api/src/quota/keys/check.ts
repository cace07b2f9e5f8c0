/** Whether a provider takes a key: asked by a call that costs nothing. */
import type { AiProvider } from '@matrixos/shared'
import { z } from 'zod'
import { AppError } from '../../errors.ts'

export interface KeyCheckOptions {
  /** Where each provider's calls go. */
  upstreams: Record<AiProvider, string>
  timeoutMs?: number
}

export type KeyCheck = (provider: AiProvider, key: string) => Promise<void>

const TIMEOUT_MS = 10_000
/** Of a list of models, unpacked; the longest known have some hundred kilobytes. */
const LONGEST_LIST = 8 * 1_048_576

const NAMES: Record<AiProvider, string> = { anthropic: 'Anthropic', openai: 'OpenAI' }

const HEADERS: Record<AiProvider, (key: string) => Record<string, string>> = {
  anthropic: (key) => ({ 'x-api-key': key, 'anthropic-version': '2023-06-01' }),
  openai: (key) => ({ authorization: `Bearer ${key}` }),
}

/** How both providers list their models. */
const modelsSchema = z.object({ data: z.array(z.object({ id: z.string() })) })

/** `null`: no JSON, or longer than any list. */
async function readJson(response: Response): Promise<unknown> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.length
      if (size > LONGEST_LIST) return null
      chunks.push(chunk)
    }
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    return null
  }
}

/** By how the other's keys begin; a compatible service may give keys of any form. */
const looksForeign = (provider: AiProvider, key: string): boolean =>
  provider === 'anthropic' ? /^sk-(?!ant-)/.test(key) : key.startsWith('sk-ant-')

/** Throws `invalid_input` for a key that is refused, or another provider's; `upstream_unavailable`. */
export function createKeyCheck({ upstreams, timeoutMs = TIMEOUT_MS }: KeyCheckOptions): KeyCheck {
  const unavailable = (provider: AiProvider, cause?: unknown) =>
    new AppError(
      'upstream_unavailable',
      `${NAMES[provider]} could not be asked whether it accepts this key. Nothing was saved.`,
      { cause, retryAfterS: 10 },
    )

  async function ask(provider: AiProvider, key: string): Promise<Response> {
    try {
      return await fetch(`${upstreams[provider].replace(/\/+$/, '')}/v1/models`, {
        headers: { accept: 'application/json', ...HEADERS[provider](key) },
        // Wherever it leads, the key does not go there.
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      })
    } catch (error) {
      throw unavailable(provider, error)
    }
  }

  return async (provider, key) => {
    const name = NAMES[provider]
    if (!/^[\x21-\x7e]+$/.test(key))
      throw new AppError('invalid_input', 'A key consists of letters, digits and signs. Copy it again.')
    if (looksForeign(provider, key))
      throw new AppError('invalid_input', `This is not a key of ${name}’s: those begin otherwise.`)
    const response = await ask(provider, key)
    const { status } = response
    if (status === 401 || status === 403) {
      await response.body?.cancel()
      const text = `${name} refuses this key. It may be mistyped, expired or revoked; nothing was saved.`
      throw new AppError('invalid_input', text)
    }
    const body: unknown = status === 200 ? await readJson(response) : null
    if (status !== 200) await response.body?.cancel()
    if (!modelsSchema.safeParse(body).success)
      throw unavailable(provider, new Error(`The list of models was answered with ${status}.`))
  }
}
