/**
 * The endpoints of `api.DOMAIN` over plain HTTP: each calls the procedure that declares it. Not by `trpc-to-openapi`,
 * which describes the whole router again at every request and turns the schemas that tRPC uses into lenient ones.
 */
import type { AnyRouter } from '@trpc/server'
import { Hono } from 'hono'
import { z } from 'zod'
import type { Principal } from '../../access/principal.ts'
import { AppError } from '../../errors.ts'
import type { ShownLimit } from '../../limits/shown-limit.ts'
import type { Log } from '../../log.ts'
import { type RequestInfo, requestInfo } from '../request.ts'
import { appErrorOf, type Context } from '../trpc.ts'
import { counted } from './counted.ts'
import { createOpenApiDocument } from './document.ts'
import { type DeclaredEndpoint, endpointsOf } from './endpoints.ts'
import { createInputReader } from './input.ts'
import { keptResponse } from './kept.ts'
import { problemResponse } from './problem.ts'
import { createReference } from './reference.ts'

export interface EndpointRoutesOptions {
  router: AnyRouter
  principalOf: (request: RequestInfo) => Promise<Principal | null>
  /** Of one network. */
  requests: ShownLimit
  now: Context['now']
  changes: Context['changes']
  apiOrigin: string
  appOrigin: string
  /** The platform's. */
  version: string
  log: Log
}

/** Seconds. They change with the platform's version alone. */
const DOCUMENT_KEPT_FOR_S = 300

const pageSchema = z.object({ nextCursor: z.union([z.string(), z.number()]) })

/** RFC 8288: the next page of a list that goes on. */
function linkOf({ url, output, apiOrigin }: { url: string; output: unknown; apiOrigin: string }) {
  const page = pageSchema.safeParse(output)
  if (!page.success) return {}
  const { pathname, searchParams } = new URL(url)
  searchParams.set('cursor', String(page.data.nextCursor))
  return { link: `<${apiOrigin}${pathname}?${searchParams}>; rel="next"` }
}

/** Whatever names its caller is theirs alone. */
function cachingOf({ method, keptForS }: DeclaredEndpoint, request: Request): Record<string, string> {
  if (method !== 'GET') return { 'cache-control': 'no-store' }
  const isStrangers = !request.headers.has('authorization')
  const shared = keptForS ? `public, max-age=${keptForS}` : 'public, no-cache'
  return { 'cache-control': isStrangers ? shared : 'private, no-cache', vary: 'Authorization' }
}

/** A function of a router's caller, by its name with dots. */
const callerSchema = z.custom<(input: unknown) => Promise<unknown>>((value) => typeof value === 'function')

export function createEndpointRoutes(options: EndpointRoutesOptions): Hono {
  const { router, principalOf, now, changes, apiOrigin, log } = options
  const endpoints = endpointsOf(router)
  const app = new Hono()
  const newCaller = router.createCaller

  async function call(endpoint: DeclaredEndpoint, request: Request, input: object): Promise<unknown> {
    let found: Promise<Principal | null> | undefined
    const info = requestInfo(request.headers, () => undefined)
    const context: Context = { request: info, now, changes, principal: () => (found ??= principalOf(info)) }
    // A caller answers any name with a function, and the one that is called knows its whole name.
    let at: unknown = newCaller(context)
    for (const name of endpoint.procedure.split('.')) at = Reflect.get(Object(at), name)
    return callerSchema.parse(at)(input)
  }

  app.use(counted(options.requests))
  addDescriptions(app, { ...options, endpoints })
  for (const endpoint of endpoints) {
    const read = createInputReader(endpoint)
    app.on(endpoint.method, pathOf(endpoint), async (context) => {
      const { raw: request } = context.req
      try {
        const output = await call(endpoint, request, await read(request, context.req.param()))
        const headers = {
          ...cachingOf(endpoint, request),
          ...linkOf({ url: request.url, output, apiOrigin }),
        }
        const body = JSON.stringify(output)
        if (endpoint.method === 'GET') return keptResponse(request, body, headers)
        return new Response(body, { headers: { ...headers, 'content-type': 'application/json' } })
      } catch (error) {
        const known = appErrorOf(error)
        if (known.httpStatus >= 500) log.error({ err: error, path: endpoint.path }, 'call failed')
        return problemResponse(known)
      }
    })
  }
  refuseOtherMethods(app, endpoints)
  return app
}

/** What is there, for programs and for people. */
function addDescriptions(
  app: Hono,
  options: EndpointRoutesOptions & { endpoints: DeclaredEndpoint[] },
): void {
  const document = createOpenApiDocument(options)
  const text = JSON.stringify(document)
  const reference = createReference({ ...options, document })
  const caching = { 'cache-control': `public, max-age=${DOCUMENT_KEPT_FOR_S}` }
  app.get('/openapi.json', ({ req }) => keptResponse(req.raw, text, caching))
  app.get('/', ({ req }) => keptResponse(req.raw, reference.body, { ...caching, ...reference.headers }))
}

const pathOf = ({ path }: Pick<DeclaredEndpoint, 'path'>): string => path.replace(/\{(\w+)\}/g, ':$1')

/** What is known, but not by this method, says by which. */
function refuseOtherMethods(app: Hono, endpoints: readonly DeclaredEndpoint[]): void {
  const methods = new Map<string, Set<string>>()
  for (const endpoint of endpoints) {
    const known = methods.get(pathOf(endpoint)) ?? new Set(['OPTIONS'])
    known.add(endpoint.method)
    if (endpoint.method === 'GET') known.add('HEAD')
    methods.set(pathOf(endpoint), known)
  }
  for (const [path, known] of methods) {
    const allow = [...known].sort().join(', ')
    const text = `This address answers ${allow}.`
    app.all(path, () => problemResponse(new AppError('method_not_allowed', text), { allow }))
  }
}
