/** `fetch` for programs: the usual one, except that `*.localhost` is this machine, whatever its resolver says. */
import { Agent } from 'undici'

export interface ApiFetchInit {
  method?: string | undefined
  headers?: HeadersInit | undefined
  body?: BodyInit | null | undefined
  signal?: AbortSignal | null | undefined
}

/** What the api is called with: any `fetch`, of which these options are used. */
export type ApiFetch = (input: string | URL | Request, init?: ApiFetchInit) => Promise<Response>

const LOOPBACK = { address: '127.0.0.1', family: 4 }

/** RFC 6761, section 6.3: such names always mean the loopback address. Many resolvers do not know that yet. */
const loopback = new Agent({
  connect: {
    lookup: (_name, { all }, callback) => (all ? callback(null, [LOOPBACK]) : callback(null, '127.0.0.1', 4)),
  },
})

export const apiFetch: ApiFetch = (
  input,
  { method = 'GET', headers = {}, body = null, signal = null } = {},
) => {
  const { hostname } = new URL(input instanceof Request ? input.url : input)
  const dispatcher = hostname.endsWith('.localhost') ? { dispatcher: loopback } : {}
  return fetch(input, { method, headers, body, signal, ...dispatcher })
}
