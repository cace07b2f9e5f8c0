/** Has code run inside the attacker's container, by the program that serves there. */
import { z } from 'zod'

const answerSchema = z.object({
  code: z.number().nullable(),
  signal: z.string().nullable(),
  output: z.string(),
})
export type Outcome = z.infer<typeof answerSchema>

export type Program = 'node' | 'perl' | 'setuid'
export type Attack = ReturnType<typeof createAttack>

/** What a check of a network waits for at most, ms; what is dropped costs all of it. */
const DIAL_MS = 1_000
const RUN_MS = 60_000

/** `address`: the container's. */
export function createAttack(address: string) {
  const call = (path: string, body = '') =>
    fetch(`http://${address}:4000${path}`, { method: 'POST', body, signal: AbortSignal.timeout(RUN_MS) })

  async function run(program: Program, code: string): Promise<Outcome> {
    return answerSchema.parse(await (await call(`/run?program=${program}`, code)).json())
  }

  /** What a script printed as JSON. */
  async function told<T>(schema: z.ZodType<T>, program: Program, code: string): Promise<T> {
    const { output } = await run(program, code)
    try {
      return schema.parse(JSON.parse(output))
    } catch (error) {
      throw new Error(`It printed: ${output}`, { cause: error })
    }
  }

  return {
    run,
    told,
    /** Runs it and does not wait for its end. */
    leave: async (program: Program, code: string) => void (await call(`/run?program=${program}&leave`, code)),
    flood: async (bytes: number) => void (await (await call(`/flood?bytes=${bytes}`)).text()),
    /** Those of these places that answered with a connection, all asked at once; a host may be a path of a socket. */
    reached: (places: readonly Place[]) =>
      told(z.array(z.string()), 'node', `const places = ${JSON.stringify(places)}; ${DIAL}`),
  }
}

export interface Place {
  host: string
  port: number
}

const DIAL = `import { connect } from 'node:net'
const dial = (place) => new Promise((resolve) => {
  const socket = connect({ ...place, timeout: ${DIAL_MS} })
  const end = (isOpen) => { socket.destroy(); resolve(isOpen ? [place.host + ':' + place.port] : []) }
  socket.once('connect', () => end(true))
  socket.once('timeout', () => end(false))
  socket.once('error', () => end(false))
})
console.log(JSON.stringify((await Promise.all(places.map(dial))).flat()))`
