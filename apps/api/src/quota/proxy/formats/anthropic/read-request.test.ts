/** What a Messages request holds that its bytes do not bound. */
import { describe, expect, it } from 'vitest'
import { readRequest } from './read-request.ts'

const read = (...content: unknown[]) =>
  readRequest(
    Buffer.from(
      JSON.stringify({ model: 'claude-haiku-4-5', max_tokens: 10, messages: [{ role: 'user', content }] }),
    ),
  )
const image = (source: unknown) => ({ type: 'image', source })
const document = (source: unknown) => ({ type: 'document', source })
const URL_SOURCE = { type: 'url', url: 'https://example.com/a' }
const BASE64 = { type: 'base64', media_type: 'image/png', data: 'aGk=' }

describe('a request with parts that are not text', () => {
  it('counts images by URL, which no count of the provider bounds', () => {
    const { terms, unbounded } = read(image(URL_SOURCE), {
      type: 'tool_result',
      content: [image(URL_SOURCE)],
    })
    expect(terms).toMatchObject({ imagesByUrl: 2, opaque: [] })
    expect(unbounded).toBeNull()
  })

  it('has what it brings along counted by the provider', () => {
    expect(read(image(BASE64)).terms.opaque).toEqual(['image'])
    expect(read(document({ ...BASE64, media_type: 'application/pdf' })).unbounded).toBeNull()
    expect(read(document({ type: 'text', data: 'Hello' })).terms.opaque).toEqual([])
  })

  it.each([
    ['a document by its URL', document(URL_SOURCE), 'A document by its URL'],
    ['a document by its id', document({ type: 'file', file_id: 'file_1' }), 'A file by its id'],
    ['an image by its id', image({ type: 'file', file_id: 'file_1' }), 'A file by its id'],
    ['a file for the container', { type: 'container_upload', file_id: 'file_1' }, 'A file by its id'],
    [
      'a source of an unknown kind',
      image({ type: 'bucket', key: 'a' }),
      'Content from a source of this kind',
    ],
  ])('cannot have %s on the platform’s key', (_what, part, words) => {
    expect(read({ type: 'text', text: 'Look:' }, part).unbounded).toMatch(
      new RegExp(`^${words} is not available`),
    )
  })
})
