import { hostsOf } from '@matrixos/shared'
import { describe, expect, test } from 'vitest'
import { createPreviews } from './previews.ts'

const ADA = { handle: 'ada', displayName: 'Ada', bio: 'Builds\nengines.', avatarUrl: null }
const ID = `itm_${'0'.repeat(26)}`
const ITEM = {
  ...{ id: ID, author: { ...ADA, avatarUrl: 'https://api.matrix.example/avatars/ada' }, actor: 'human' },
  ...{
    kind: 'post',
    text: 'x'.repeat(500),
    app: null,
    met: null,
    visibility: 'public',
    at: '2026-01-01T00:00:00.000Z',
  },
  ...{ likes: 0, comments: 0, isLiked: false, isMine: false, isHidden: false },
}

function previews(answers: Record<string, unknown>) {
  const asked: string[] = []
  const previewOf = createPreviews({
    hosts: hostsOf('https://matrix.example', 'people.example'),
    async ask(path, address) {
      asked.push(`${address} ${path}`)
      if (answers[path] === undefined) throw new Error('The api is away.')
      return answers[path]
    },
  })
  return { asked, previewOf }
}

describe('previews', () => {
  test('tell of a person what they say of themselves, asked for as the visitor', async () => {
    const { asked, previewOf } = previews({ '/users/ada/profile': ADA })
    expect(await previewOf('/@Ada', '192.0.2.7')).toEqual({
      ...{ type: 'profile', title: 'Ada (@ada)', description: 'Builds engines.', imageUrl: null },
      url: 'https://matrix.example/@ada',
    })
    expect(asked).toEqual(['192.0.2.7 /users/ada/profile'])
  })

  test('tell of a post who wrote it and how it begins', async () => {
    const { previewOf } = previews({ [`/feed/${ID}`]: ITEM })
    expect(await previewOf(`/feed/${ID}`, '')).toEqual({
      ...{ type: 'article', title: 'Ada on Matrix OS', description: `${'x'.repeat(199)}…` },
      ...{ url: `https://app.matrix.example/feed/${ID}`, imageUrl: 'https://api.matrix.example/avatars/ada' },
    })
  })

  test('know nobody where the api knows nobody, and where nobody can be', async () => {
    const { previewOf } = previews({ '/users/nobody/profile': null })
    for (const path of ['/@nobody', '/@%E0%A4%A', '/feed/1']) expect(await previewOf(path, '')).toBe('nobody')
  })

  test('leave a page as it is while the api is away, or answers something else', async () => {
    const { asked, previewOf } = previews({ '/users/odd/profile': { handle: 1 } })
    for (const path of ['/@ada', '/@odd', '/settings']) expect(await previewOf(path, '')).toBe('unknown')
    expect(asked).toHaveLength(2)
  })
})
