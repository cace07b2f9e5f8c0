/** What every client asks: a streamed call, one that uses a tool, and one that is aborted. */
import { expect } from 'vitest'

export const MODEL = 'claude-haiku-4-5-20251001'
export const GREETING = 'Hello'
export const QUESTION = 'How is the weather in Paris?'

/** Its answer takes long enough to be stopped in the middle of it, and short enough to be read to its end. */
export const LONG_ANSWER = `#scripted ${JSON.stringify({ words: 60, eventDelayMs: 4 })}\nGo on.`

export const WEATHER = {
  name: 'get_weather',
  description: 'The weather of a place.',
  schema: {
    type: 'object' as const,
    properties: { place: { type: 'string' as const } },
    required: ['place'],
    additionalProperties: false,
  },
}
export const WEATHER_RESULT = 'rain, 12 °C'

export const expectGreeting = (text: string | null | undefined) =>
  expect(text).toMatch(
    /^This is a demonstration model[\s\S]*Hello! It is good to see you here\.[\s\S]*starts it again/,
  )

export const expectResult = (text: string | null | undefined) => expect(text).toContain(WEATHER_RESULT)
