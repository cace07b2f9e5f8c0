/** The headers that the real providers send with every answer. */

const LIMITS = { requests: 4000, tokens: 2_400_000, 'input-tokens': 2_000_000, 'output-tokens': 400_000 }

/** The limits are never reached: nothing is counted here. */
export function identityHeaders(requestId: string, nowMs: number): [name: string, value: string][] {
  const reset = new Date(nowMs + 1000).toISOString().replace(/\.\d+Z$/, 'Z')
  return [
    ['request-id', requestId],
    ['x-request-id', requestId],
    ['anthropic-organization-id', '00000000-0000-4000-8000-000000000000'],
    ...Object.entries(LIMITS).flatMap(([name, limit]): [string, string][] => [
      [`anthropic-ratelimit-${name}-limit`, String(limit)],
      [`anthropic-ratelimit-${name}-remaining`, String(limit)],
      [`anthropic-ratelimit-${name}-reset`, reset],
    ]),
  ]
}
