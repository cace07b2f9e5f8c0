import { expect, it } from 'vitest'
import { z } from 'zod'
import type { OpenApiDocument } from './document.ts'
import type { DeclaredEndpoint } from './endpoints.ts'
import { createReference } from './reference.ts'

const ENDPOINT: DeclaredEndpoint = {
  ...{ method: 'GET', path: '/users/search', procedure: 'social.search', access: 'public', tag: 'People' },
  ...{ summary: 'Search people', description: 'What begins with `@` is a <handle>.' },
  ...{ input: z.object({ text: z.string() }), output: z.object({}), pathKeys: [] },
}

const DOCUMENT = {
  ...{ openapi: '3.1.0', info: { title: 'An API', version: '1', description: 'Send `If-None-Match`.' } },
  tags: [{ name: 'People' }],
  paths: {
    '/users/search': {
      get: {
        parameters: [
          { name: 'text', in: 'query', required: true, schema: { type: 'string' } },
          { name: 'limit', in: 'query', schema: { type: 'number' } },
        ],
        responses: {},
      },
    },
  },
} as OpenApiDocument

const { body } = createReference({
  ...{ endpoints: [ENDPOINT], document: DOCUMENT },
  ...{ apiOrigin: 'https://api.mos.example', appOrigin: 'https://app.mos.example' },
})

it('shows a call that is answered: with what must be in its query', () => {
  expect(body).toContain('curl &#39;https://api.mos.example/users/search?text=…&#39;')
})

it('draws code as code, also in what is said of an endpoint', () => {
  expect(body).toContain('<p>What begins with <code>@</code> is a &lt;handle&gt;.</p>')
  expect(body).toContain('<p>Send <code>If-None-Match</code>.</p>')
  expect(body).not.toContain('`')
})
