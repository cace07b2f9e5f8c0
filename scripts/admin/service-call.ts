/** One call on the api's private socket, with the token of the platform's own parts. */
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { UserError } from '@matrixos/host/root'
import { errorBodySchema } from '@matrixos/shared'
import { z } from 'zod'

export interface Service {
  socketPath: string
  token: string
}

const answerSchema = z.union([
  z.object({ result: z.object({ data: z.unknown() }) }),
  z.object({ error: z.object({ data: z.object({ error: errorBodySchema }) }) }),
  // From the api while it has no database.
  z.object({ message: z.string() }),
])

/** Without `input` a query. Throws a UserError with what the platform says. */
export async function callService(
  { socketPath, token }: Service,
  path: string,
  input?: unknown,
): Promise<unknown> {
  const body = await send(socketPath, token, path, input)
  const answer = answerSchema.safeParse(parsed(body))
  if (!answer.success) throw new Error(`The platform answered ${path} with: ${body.slice(0, 500)}`)
  if ('result' in answer.data) return answer.data.result.data
  throw new UserError('error' in answer.data ? answer.data.error.data.error.message : answer.data.message)
}

function send(socketPath: string, token: string, path: string, input: unknown): Promise<string> {
  return new Promise((resolve, reject) => {
    const method = input === undefined ? 'GET' : 'POST'
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', host: 'service' }
    const sent = request({ socketPath, path: `/trpc/${path}`, method, headers }, (response) =>
      text(response).then(resolve, reject),
    )
    sent.on('error', (cause) =>
      reject(
        new UserError(`The platform does not answer on ${socketPath} (${cause.message}). Is it running?`),
      ),
    )
    sent.end(input === undefined ? undefined : JSON.stringify(input))
  })
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
