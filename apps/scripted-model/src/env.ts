/** The demonstration model's environment: the only reader of `process.env` in this app. */
import { readFileSync } from 'node:fs'
import { readEnvironment } from '@matrixos/shared'
import { z } from 'zod'
import { parseListen } from './http/listen.ts'

const flag = z.enum(['on', 'off'])

const schema = z.object({
  SCRIPTED_MODEL_LISTEN: z
    .string()
    .transform((text, context) => {
      const listen = parseListen(text)
      if (listen) return listen
      context.addIssue('Expected host:port, for example 127.0.0.1:8092, or the absolute path of a socket.')
      return z.NEVER
    })
    .default({ host: '127.0.0.1', port: 8092 }),
  /** Whether requests may ask for faults (`x-scripted`, `#scripted`). Harmless: it is nobody's real provider. */
  SCRIPTED_MODEL_FAULTS: flag.default('on'),
  /** Whether `GET /scripted/truth` tells what every request used; memory grows with it, up to a bound. */
  SCRIPTED_MODEL_TRUTH: flag.default('off'),
  /** Whose key would bring real answers, which it says. */
  SCRIPTED_MODEL_KEYS_OF: z.enum(['server', 'owner']).default('server'),
  SCRIPTED_MODEL_PACE: z.enum(['human', 'instant']).default('human'),
  /** The only key it accepts; unset: any. */
  SCRIPTED_MODEL_KEY: z.string().min(1).optional(),
})

/** Throws an Error that names every variable that is wrong and what was expected. */
export function readEnv(source: NodeJS.ProcessEnv = process.env) {
  const readFile = (path: string) => readFileSync(path, 'utf8')
  return readEnvironment({ schema, source, who: 'The demonstration model', readFile })
}
