/** Asks the api what any stranger may read, over its socket: as the visitor whose page it is for, whose share of the limits it takes. */
import { request } from 'node:http'

export interface AskApiOptions {
  socketPath: string
  /** `api.DOMAIN`, with its port. */
  host: string
}

/** `address`: the visitor's, as the edge named it. Resolves to `null` where there is no such thing; throws where nobody knows. */
export type AskApi = (path: string, address: string) => Promise<unknown>

/** A page without its preview is better than a page that is late. */
const PATIENCE_MS = 1_500
const MOST_BYTES = 500_000

export const createAskApi =
  ({ socketPath, host }: AskApiOptions): AskApi =>
  (path, address) =>
    new Promise((resolve, reject) => {
      const asked = request({
        ...{ socketPath, path, signal: AbortSignal.timeout(PATIENCE_MS) },
        headers: { host, 'x-forwarded-for': address, accept: 'application/json' },
      })
      asked.on('error', reject)
      asked.on('response', (answer) => {
        const { statusCode = 0 } = answer
        const parts: Buffer[] = []
        let bytes = 0
        answer.on('error', reject)
        answer.on('data', (part: Buffer) => {
          bytes += part.length
          if (bytes > MOST_BYTES) asked.destroy(new Error('The api answered with more than a page needs.'))
          else parts.push(part)
        })
        answer.on('end', () => {
          // What can be nobody's handle is nobody, too.
          if (statusCode === 404 || statusCode === 400) return resolve(null)
          if (statusCode !== 200) return reject(new Error(`The api answered ${statusCode}.`))
          try {
            resolve(JSON.parse(Buffer.concat(parts).toString()))
          } catch (error) {
            reject(error)
          }
        })
      })
      asked.end()
    })
