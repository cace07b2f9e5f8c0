/** The engine's own settings, as a file's text. Pure. */
import { UserError } from '@matrixos/host/root'
import { z } from 'zod'

const schema = z.looseObject({ runtimes: z.record(z.string(), z.unknown()).optional() })

export interface RuntimeEntry {
  path: string
  runtimeArgs: string[]
}

/** With one runtime more, and everything else as it was; an empty text is that of no file. Throws a UserError for what is no JSON. */
export function withRuntime(text: string, name: string, entry: RuntimeEntry): string {
  const settings = read(text)
  return `${JSON.stringify({ ...settings, runtimes: { ...settings.runtimes, [name]: entry } }, null, 2)}\n`
}

function read(text: string) {
  if (text.trim() === '') return {} as z.infer<typeof schema>
  try {
    return schema.parse(JSON.parse(text))
  } catch (error) {
    throw new UserError(`The engine's daemon.json is not what it should be: ${String(error)}`)
  }
}
