/** The OpenAPI document of `api.DOMAIN`: what its endpoints declare, and what every answer has in common. */
import { z } from 'zod'
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi'
import { ENDPOINT_TAGS } from '../endpoint.ts'
import type { DeclaredEndpoint } from './endpoints.ts'
import { PROBLEM_TYPE, problemSchema } from './problem.ts'

export interface DocumentOptions {
  endpoints: readonly DeclaredEndpoint[]
  apiOrigin: string
  version: string
}

export type OpenApiDocument = ReturnType<typeof createDocument>

const INTRODUCTION = `Computers, apps, people and what they do, for programs.

Without a token you see what any stranger sees. With an API token (\`Authorization: Bearer mos_…\`, made in the settings) you see and do what its scopes allow. Errors are \`application/problem+json\`: \`code\` is for programs, \`title\` for people. Lists go on at the address in the \`Link\` header, until there is none. Send \`If-None-Match\` to be told that nothing changed. \`RateLimit\` tells how many requests you have left.`

const problem = (description: string) => ({
  description,
  content: { [PROBLEM_TYPE]: { schema: problemSchema } },
})

/** Those that an endpoint can have; one without is never given. */
function problemsOf(endpoint: DeclaredEndpoint): ZodOpenApiResponsesObject {
  const { method, access, pathKeys, namesInQuery } = endpoint
  const names = pathKeys.length > 0 || access !== 'public' || namesInQuery
  return {
    400: problem('The request is malformed.'),
    401: problem(
      access === 'public' ? 'The token that was sent is not good.' : 'There is no token, or it is not good.',
    ),
    403: problem('The token lacks the scope for this, or the account is suspended.'),
    ...(names ? { 404: problem('There is no such thing here.') } : {}),
    ...(method === 'GET' ? {} : { 409: problem('This cannot be done as things are now.') }),
    429: problem('Too many requests. `Retry-After` says when to come back.'),
    503: problem('Something that is needed does not answer. `Retry-After` may say when to come back.'),
  }
}

const header = (description: string) => ({ description, schema: { type: 'string' as const } })

const isPaged = ({ output }: DeclaredEndpoint): boolean =>
  output instanceof z.ZodObject && 'nextCursor' in output.shape

function operationOf(endpoint: DeclaredEndpoint): ZodOpenApiOperationObject {
  const { method, procedure, access, input, output, pathKeys, summary, description, tag } = endpoint
  const fields = Object.entries(input.shape)
  const inPath = z.object(Object.fromEntries(fields.filter(([key]) => pathKeys.includes(key))))
  const rest = z.object(Object.fromEntries(fields.filter(([key]) => !pathKeys.includes(key))))
  const hasRest = Object.keys(rest.shape).length > 0
  const isRead = method === 'GET'
  return {
    operationId: procedure.replaceAll('.', '_'),
    ...{ summary, tags: [tag], ...(description === undefined ? {} : { description }) },
    // An empty one: a token is welcome, and not needed.
    security: access === 'public' ? [{}, { token: [] }] : [{ token: [access] }],
    requestParams: {
      ...(pathKeys.length > 0 ? { path: inPath } : {}),
      ...(isRead && hasRest ? { query: rest } : {}),
    },
    ...(isRead || !hasRest
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: rest } } } }),
    responses: {
      200: {
        description: 'Done.',
        content: { 'application/json': { schema: output } },
        headers: {
          ...(isRead ? { ETag: header('Changes when the answer does.') } : {}),
          ...(isPaged(endpoint) ? { Link: header('The next page, as `rel="next"`, if there is one.') } : {}),
          RateLimit: header('How many requests are left (`r`), and seconds until all are there again (`t`).'),
        },
      },
      ...(isRead ? { 304: { description: 'It has not changed.' } } : {}),
      ...problemsOf(endpoint),
    },
  }
}

export function createOpenApiDocument({ endpoints, apiOrigin, version }: DocumentOptions): OpenApiDocument {
  const paths: ZodOpenApiPathsObject = {}
  for (const endpoint of endpoints)
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method.toLowerCase()]: operationOf(endpoint) }
  const used = ENDPOINT_TAGS.filter((tag) => endpoints.some((endpoint) => endpoint.tag === tag))
  return createDocument({
    openapi: '3.1.1',
    info: { title: 'Matrix OS API', version, description: INTRODUCTION },
    servers: [{ url: apiOrigin }],
    tags: used.map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'An API token, made in the settings: `mos_…`' },
      },
    },
  })
}
