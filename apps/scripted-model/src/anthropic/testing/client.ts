/** A client of the Messages protocol, and what it asks in the tests. */
import Anthropic from '@anthropic-ai/sdk'
import { expect } from 'vitest'
import type { Script } from '../../script/schema.ts'
import type { ScriptedModel } from '../../server.ts'

export const MODEL = 'claude-haiku-4-5-20251001'
export const HELLO = {
  model: MODEL,
  max_tokens: 1000,
  messages: [{ role: 'user' as const, content: 'Hello' }],
}
export const WEATHER = {
  name: 'get_weather',
  description: 'The weather of a place.',
  input_schema: { type: 'object' as const, properties: { place: { type: 'string' } }, required: ['place'] },
}

export const clientOf = (model: ScriptedModel, options: { apiKey?: string; fetch?: typeof fetch } = {}) =>
  new Anthropic({ apiKey: 'any', baseURL: model.url, maxRetries: 0, logLevel: 'off', ...options })
export const scripted = (script: Script) => ({ headers: { 'x-scripted': JSON.stringify(script) } })

/** Of the only call so far, once it is over. */
export async function truthOf(model: ScriptedModel) {
  await expect.poll(() => model.truth().at(-1)?.ending).not.toBe('open')
  return model.truth().at(-1)
}
