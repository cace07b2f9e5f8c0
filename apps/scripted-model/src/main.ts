/** The demonstration model's process: starts, says when it is ready, and ends when told to. */
import { answerPings } from '@matrixos/host/answer-pings'
import { readEnv } from './env.ts'
import { startScriptedModel } from './server.ts'

try {
  const env = readEnv()
  answerPings()
  const model = await startScriptedModel({
    listen: env.SCRIPTED_MODEL_LISTEN,
    faults: env.SCRIPTED_MODEL_FAULTS === 'on',
    tellTruth: env.SCRIPTED_MODEL_TRUTH === 'on',
    keysOf: env.SCRIPTED_MODEL_KEYS_OF,
    pace: env.SCRIPTED_MODEL_PACE,
    apiKey: env.SCRIPTED_MODEL_KEY ?? null,
  })
  const end = () => void model.close().then(() => process.exit(0))
  for (const event of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.once(event, end)
  process.send?.({ type: 'ready' })
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
