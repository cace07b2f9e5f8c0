/**
 * The Matrix OS API, typed: for programs of third parties. It knows of the platform what the OpenAPI document says and
 * nothing else (`endpoints.gen.ts` is made of it), so it can be copied anywhere. `@matrixos/client` is the platform's own.
 */
import type { Endpoints } from './endpoints.gen.ts'

export type { Endpoints } from './endpoints.gen.ts'

export type EndpointName = keyof Endpoints
type InputOf<E extends EndpointName> = Endpoints[E]['input']
/** May be left out where nothing in it is required. */
type Given<E extends EndpointName> = object extends InputOf<E> ? [input?: InputOf<E>] : [input: InputOf<E>]

/** The API's refusal: `code` for programs, `message` for people. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly status: number
  readonly code: string
  /** When to come back, where that is known. */
  readonly retryAfterS: number | undefined

  constructor(status: number, found: { code?: unknown; title?: unknown; retryAfterS?: unknown }) {
    super(typeof found.title === 'string' ? found.title : `The API answered ${status}.`)
    this.status = status
    this.code = typeof found.code === 'string' ? found.code : 'internal'
    this.retryAfterS = typeof found.retryAfterS === 'number' ? found.retryAfterS : undefined
  }
}

export interface ApiOptions {
  /** The API's origin: `https://api.example.org`. */
  url: string
  /** `mos_…`. Without one, what is public can be called. */
  token?: string | undefined
  fetch?: typeof fetch
}

export type Api = ReturnType<typeof createApi>

/** Puts what the path names into it; the rest goes on as the query, or as the body. */
function placed(path: string, input: object) {
  const rest = new Map<string, unknown>(Object.entries(input))
  const filled = path.replace(/\{(\w+)\}/g, (_, key: string) => {
    const value = rest.get(key)
    rest.delete(key)
    return encodeURIComponent(String(value))
  })
  return { filled, rest: [...rest].filter(([, value]) => value !== undefined) }
}

const nextOf = (link: string | null): string | undefined => /<([^>]+)>\s*;\s*rel="next"/.exec(link ?? '')?.[1]

export function createApi({ url, token, fetch: ask = fetch }: ApiOptions) {
  async function send(method: string, target: string, body?: object): Promise<Response> {
    const headers = new Headers({ accept: 'application/json' })
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
    if (body) headers.set('content-type', 'application/json')
    const response = await ask(target, { method, headers, body: body ? JSON.stringify(body) : null })
    if (response.ok) return response
    const text = await response.text()
    const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json')
    throw new ApiProblem(response.status, isProblem ? JSON.parse(text) : {})
  }

  function open(endpoint: EndpointName, input: object): Promise<Response> {
    const [method = 'GET', path = '/'] = endpoint.split(' ')
    const { filled, rest } = placed(path, input)
    if (method !== 'GET') return send(method, `${url}${filled}`, Object.fromEntries(rest))
    const query = new URLSearchParams(rest.map(([key, value]) => [key, String(value)]))
    return send(method, `${url}${filled}${query.size > 0 ? `?${query}` : ''}`)
  }

  return {
    /** Throws `ApiProblem`, and what `fetch` throws without a connection. */
    async call<E extends EndpointName>(endpoint: E, ...[input]: Given<E>): Promise<Endpoints[E]['output']> {
      return (await open(endpoint, input ?? {})).json()
    },

    /** Page after page of a list, for as long as there are some. */
    async *pages<E extends EndpointName>(
      endpoint: E,
      ...[input]: Given<E>
    ): AsyncGenerator<Endpoints[E]['output']> {
      let response = await open(endpoint, input ?? {})
      for (;;) {
        yield await response.json()
        const next = nextOf(response.headers.get('link'))
        if (next === undefined) return
        // Behind a name of one's own, the document's origin is another one.
        const { pathname, search } = new URL(next)
        response = await send('GET', `${url}${pathname}${search}`)
      }
    },
  }
}
