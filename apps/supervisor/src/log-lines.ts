/** What the parts print, one line at a time: short and coloured for a terminal, JSON for everything else. */

export type LogFormat = 'pretty' | 'json'

const RESET = '\u001b[0m'
const DIM = '\u001b[2m'
const PART_COLOURS: Record<string, string> = {
  api: '\u001b[36m',
  edge: '\u001b[35m',
  spa: '\u001b[34m',
  caddy: '\u001b[32m',
}
const LEVELS: [number, string, string][] = [
  [50, '\u001b[31m', 'ERROR '],
  [40, '\u001b[33m', 'WARN '],
  [30, '', ''],
  [0, DIM, ''],
]
/** Said by the prefix already, or of no use to a person who watches. */
const HIDDEN = new Set(['level', 'time', 'ts', 'part', 'pid', 'hostname', 'name', 'msg', 'err', 'logger'])
const NAMED_LEVELS: Record<string, number> = {
  debug: 20,
  info: 30,
  warn: 40,
  error: 50,
  panic: 60,
  fatal: 60,
}

type Entry = Record<string, unknown>

function parse(line: string): Entry | null {
  if (!line.startsWith('{')) return null
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? { ...value } : null
  } catch {
    return null
  }
}

/** `now` is used for lines that carry no time of their own; milliseconds since 1970. */
export function formatLine(part: string, line: string, format: LogFormat, now: number): string {
  const entry = parse(line)
  if (format === 'pretty') return entry ? pretty(part, entry, now) : `${prefix(part, now)}${line}`
  if (entry === null) return JSON.stringify({ level: 30, time: now, part, msg: line })
  return entry.part === part ? line : JSON.stringify({ ...entry, part })
}

const prefix = (part: string, ms: number) =>
  `${DIM}${new Date(ms).toTimeString().slice(0, 8)}${RESET} ${PART_COLOURS[part] ?? ''}${part.padEnd(5)}${RESET} `

function pretty(part: string, entry: Entry, now: number): string {
  const level = typeof entry.level === 'number' ? entry.level : (NAMED_LEVELS[String(entry.level)] ?? 30)
  const [, colour, word] = LEVELS.find(([from]) => level >= from) ?? [0, '', '']
  const message = typeof entry.msg === 'string' ? entry.msg : ''
  const details = Object.entries(entry)
    .filter(([key, value]) => !HIDDEN.has(key) && value !== undefined && value !== '')
    .map(
      ([key, value]) => ` ${DIM}${key}=${typeof value === 'string' ? value : JSON.stringify(value)}${RESET}`,
    )
  return `${prefix(part, timeOf(entry) ?? now)}${colour}${word}${message}${RESET}${details.join('')}${stackOf(entry.err)}`
}

/** pino writes milliseconds in `time`, Caddy seconds in `ts`. */
function timeOf(entry: Entry): number | null {
  if (typeof entry.time === 'number') return entry.time
  return typeof entry.ts === 'number' ? entry.ts * 1000 : null
}

function stackOf(err: unknown): string {
  if (typeof err !== 'object' || err === null) return ''
  const text = 'stack' in err ? err.stack : 'message' in err ? err.message : ''
  return text ? `\n      ${DIM}${String(text).replaceAll('\n', '\n      ')}${RESET}` : ''
}
