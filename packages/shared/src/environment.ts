/** Reads a process's environment: the same rules and the same messages in every app. */
import type { z } from 'zod'

export interface EnvironmentOptions<S extends z.ZodObject> {
  schema: S
  /** Usually `process.env`; a variable that is set to nothing counts as absent, as in compose files. */
  source: Record<string, string | undefined>
  /** Who cannot start, in the error: `The api`. */
  who: string
  /** Reads a file as text; throws when it cannot. */
  readFile: (path: string) => string
}

/**
 * `NAME_FILE` stands for `NAME` with the file's content, so that secrets need not be in the environment. Throws an
 * Error that names every variable that is wrong and what was expected; values are never shown.
 */
export function readEnvironment<S extends z.ZodObject>(options: EnvironmentOptions<S>): z.infer<S> {
  const { schema, source, who } = options
  const given = Object.keys(schema.shape).flatMap((name) => {
    const file = source[`${name}_FILE`]
    const value = source[name] || (file && readSecret(`${name}_FILE`, file, options.readFile))
    return value ? [[name, value]] : []
  })
  const parsed = schema.safeParse(Object.fromEntries(given))
  if (parsed.success) return parsed.data
  const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`${who} cannot start with this environment:\n${lines.join('\n')}`)
}

function readSecret(name: string, file: string, readFile: (path: string) => string): string {
  let text: string
  try {
    text = readFile(file).trim()
  } catch (cause) {
    throw new Error(`${name} names ${file}, which cannot be read. Point it to a readable file.`, { cause })
  }
  // Whoever names a file wants what is in it: without its secret the process would quietly do something else.
  if (text === '') throw new Error(`${name} names ${file}, which is empty.`)
  return text
}
