/** `app.json`: what an app says of itself. One that is wrong says what is wrong with it, in words for whoever wrote it. */
import * as z from 'zod/mini'

export const DEFAULT_ENTRY = 'index.html'
export const LONGEST_MANIFEST_BYTES = 64 * 1024

const text = (what: string, most: number) =>
  z
    .string(`${what} has to be text`)
    .check(
      z.trim(),
      z.minLength(1, `${what} is empty`),
      z.maxLength(most, `${what} is longer than ${most} characters`),
    )

/** A file below the app's folder. What begins with a dot is never served. */
const path = (what: string) =>
  text(what, 500).check(
    z.refine(isAppPath, `${what} has to be a file in the app’s own folder, such as index.html`),
  )

const access = <const T extends readonly string[]>(what: string, levels: T) =>
  z.enum(levels, `${what} has to be one of ${levels.join(', ')}`)

/** Keys that this version does not know are left alone. */
const schema = z.object(
  {
    /** As people read it; its folder's name is the one in its address. */
    name: text('name', 60),
    /** A picture in the folder, or an emoji. */
    icon: z.optional(text('icon', 200)),
    entry: z._default(path('entry'), DEFAULT_ENTRY),
    description: z.optional(text('description', 300)),
    /** A line for the shell, run in the app's folder; it listens on `PORT`. */
    server: z.optional(z.object({ command: text('server.command', 1_000) }, 'server has to hold a command')),
    /** What strangers may do once the app is published. */
    visitors: z._default(
      z.object(
        {
          kv: z._default(access('visitors.kv', ['none', 'read', 'write']), 'read'),
          files: z._default(access('visitors.files', ['none', 'read']), 'none'),
        },
        'visitors has to be an object',
      ),
      { kv: 'read', files: 'none' },
    ),
  },
  'it has to be an object, such as {"name": "Hello"}',
)

export type AppManifest = z.output<typeof schema>
/** As it is written in the file. */
export type AppManifestInput = z.input<typeof schema>

export type ManifestRead =
  | { manifest: AppManifest; problem: null }
  /** A sentence for its author. */
  | { manifest: null; problem: string }

export function parseManifest(written: string): ManifestRead {
  let value: unknown
  try {
    value = JSON.parse(written)
  } catch (error) {
    return { manifest: null, problem: `app.json is not valid JSON: ${reasonOf(error)}.` }
  }
  const { data, error } = schema.safeParse(value)
  if (data) return { manifest: data, problem: null }
  const words = error.issues.map(({ path: [first], message }) =>
    message === 'Invalid input' ? `${String(first)} is missing` : message,
  )
  return { manifest: null, problem: `app.json: ${words.join('; ')}.` }
}

/** Relative, of plain names alone: none empty, none that begins with a dot. */
export function isAppPath(written: string): boolean {
  return (
    !/[\0\\]/.test(written) &&
    written.isWellFormed() &&
    written.split('/').every((part) => part !== '' && !part.startsWith('.') && part.length <= 255)
  )
}

/** A picture of the folder; everything else that is short is shown as it is. */
export const isIconFile = (icon: string): boolean =>
  /\.(png|jpe?g|gif|webp|avif|svg|ico)$/i.test(icon) && isAppPath(icon)

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : 'it cannot be read')
