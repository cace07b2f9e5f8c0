import { expect, it } from 'vitest'
import { createApi } from './index.ts'

/** An api that answers these, one after the other, and notes what it was asked. */
function scripted(answers: { body: object; link?: string }[]) {
  const asked: string[] = []
  const ask: typeof fetch = async (input) => {
    asked.push(String(input))
    const answer = answers.shift()
    return Response.json(answer?.body ?? {}, answer?.link ? { headers: { link: answer.link } } : {})
  }
  return { asked, api: createApi({ url: 'https://api.test', fetch: ask }) }
}

it('goes on from page to page at its own address, until there is none', async () => {
  const { asked, api } = scripted([
    { body: { calls: [1] }, link: '<https://api.example.org/credits/calls?limit=1&cursor=b>; rel="next"' },
    { body: { calls: [2] } },
  ])
  const pages: unknown[] = []
  for await (const page of api.pages('GET /credits/calls', { limit: 1 })) pages.push(page)
  expect(pages).toEqual([{ calls: [1] }, { calls: [2] }])
  expect(asked).toEqual([
    'https://api.test/credits/calls?limit=1',
    'https://api.test/credits/calls?limit=1&cursor=b',
  ])
})

it('puts into the path what it names', async () => {
  const { asked, api } = scripted([])
  await api.call('DELETE /computers/{instanceId}/apps/{app}', { instanceId: 'ins_1', app: 'a/b' })
  expect(asked).toEqual(['https://api.test/computers/ins_1/apps/a%2Fb'])
})
