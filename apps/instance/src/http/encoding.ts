/** Content encodings: which one a client takes, by its `Accept-Encoding` (RFC 9110, 12.5.3). */

/** In order of preference, with the ending of a file that was compressed at build. */
export const ENCODINGS = { br: '.br', gzip: '.gz' } as const
export type Encoding = keyof typeof ENCODINGS

const QUALITY = /^\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*$/i

/** `null`: send it as it is. A client that names nothing takes nothing. */
export function chooseEncoding(
  accepted: string | undefined,
  available: readonly Encoding[],
): Encoding | null {
  const qualities = new Map<string, number>()
  for (const part of (accepted ?? '').toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';')
    const quality = parameters.map((parameter) => QUALITY.exec(parameter)?.[1]).find(Boolean)
    if (name.trim() !== '') qualities.set(name.trim(), Number(quality ?? 1))
  }
  const qualityOf = (name: Encoding) => qualities.get(name) ?? qualities.get('*') ?? 0
  const taken = available.filter((name) => qualityOf(name) > 0)
  taken.sort((a, b) => qualityOf(b) - qualityOf(a))
  return taken[0] ?? null
}

/** Whether `If-None-Match` names what would be sent; weak and strong compare alike for GET (RFC 9110, 13.1.2). */
export const isFresh = (ifNoneMatch: string | undefined, etag: string): boolean =>
  (ifNoneMatch ?? '').split(',').some((one) => ['*', etag].includes(one.trim().replace(/^W\//, '')))
