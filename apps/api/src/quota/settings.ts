/** What AI credits add to the environment: what a plan allows, and where alerts go. */
import { aiProviderSchema, parseUsd } from '@matrixos/shared'
import { z } from 'zod'

const usd = z
  .string()
  .regex(/^\d{1,6}(\.\d{1,9})?$/, 'Expected an amount of USD, such as 5.00')
  .transform(parseUsd)

export const AI_SETTINGS = {
  /** Credits of each account, in nano-USD. */
  AI_CREDITS_USD: usd.default(parseUsd('5')),
  /** Whether they are given once, or anew each month (UTC). */
  AI_CREDITS_PERIOD: z.enum(['once', 'month']).default('once'),
  AI_CALLS_AT_ONCE: z.coerce.number().int().min(0).max(100).default(5),
  AI_CALLS_PER_MINUTE: z.coerce.number().int().min(0).max(10_000).default(60),
  /** A call whose proxy gave no sign of life for so long counts as a dead proxy's, and is charged in full. */
  AI_CALL_DEAD_AFTER_S: z.coerce.number().min(4).max(86_400).default(60),
  /** Providers that the proxy has a key of the platform's for, as `anthropic,openai`: the supervisor says so. */
  AI_PLATFORM_KEYS: z
    .string()
    .transform((text) => text.split(',').filter(Boolean))
    .pipe(z.array(aiProviderSchema))
    .default([]),
  /** The demonstration model, which answers where there is no such key. */
  AI_DEMONSTRATION_URL: z.string().min(1).optional(),
  ANTHROPIC_UPSTREAM: z.url({ protocol: /^https?$/ }).default('https://api.anthropic.com'),
  OPENAI_UPSTREAM: z.url({ protocol: /^https?$/ }).default('https://api.openai.com'),
  /** `smtp://USER:PASSWORD@HOST:PORT`; without it the platform sends no mail. */
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  /** Sender of the platform's mail. */
  MAIL_FROM: z.string().min(3).optional(),
  /** Told of each alert. */
  ALERT_WEBHOOK_URL: z.url({ protocol: /^https?$/ }).optional(),
} as const

/** What follows for both sides: a proxy gives several signs of life in that time, and the api looks more often still. */
export function livenessOf({ AI_CALL_DEAD_AFTER_S: seconds }: Pick<AiSettings, 'AI_CALL_DEAD_AFTER_S'>) {
  const part = (count: number) => Math.round((seconds * 1000) / count)
  return { deadAfterMs: part(1), heartbeatMs: part(4), everyMs: part(6) }
}

export type AiSettings = { [Name in keyof typeof AI_SETTINGS]: z.output<(typeof AI_SETTINGS)[Name]> }
