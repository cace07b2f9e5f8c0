import type { UserId } from '@matrixos/shared'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { blocks } from '../../db/schema/index.ts'
import { openPeople } from '../testing/people.ts'
import { createSearch, wordsOf } from './service.ts'
import { createSearchStore } from './store.ts'

let people: Awaited<ReturnType<typeof openPeople>>
let ada: UserId
let find: (text: string, viewer?: UserId | null, limit?: number) => Promise<string[]>
beforeAll(async () => {
  people = await openPeople()
  ada = (await people.person('ada', { displayName: 'Ada Lovelace' })).id
  await people.person('adam', { displayName: 'Adam' })
  await people.person('love-bird', { displayName: 'Zoë O’Neill-Løvborg' })
  await people.person('mary', { displayName: 'Mary.Shelley' })
  await people.person('adafruit', { displayName: 'Gone', isSuspended: true })
  await people.person('adaline', { displayName: 'Leaving Ada', desired: 'leaving' })
  const search = createSearch({
    store: createSearchStore(people.database),
    hosts: { apiOrigin: 'https://api.example' },
  })
  find = async (text, viewer = null, limit = 20) =>
    (await search(viewer, text, limit)).map(({ handle }) => handle)
}, 180_000)
afterAll(() => people.close())

it('finds people by how their handle begins, whoever is meant first', async () => {
  expect(await find('ada')).toEqual(['ada', 'adam'])
  expect(await find('@AD')).toEqual(['ada', 'adam'])
  expect(await find('love-b')).toEqual(['love-bird'])
})

it('finds people by how words of their name begin, in any order and alphabet', async () => {
  expect(await find('lovel')).toEqual(['ada'])
  expect(await find('Lovelace A')).toEqual(['ada'])
  expect(await find('ZOË')).toEqual(['love-bird'])
  expect(await find('løv')).toEqual(['love-bird'])
  expect(await find('neill')).toEqual(['love-bird'])
  expect(await find('shelley')).toEqual(['mary'])
  expect(await find('lovelace mary')).toEqual([])
})

it('names nobody twice, and no more than are wanted', async () => {
  expect((await find('love')).sort()).toEqual(['ada', 'love-bird'])
  expect(await find('ad', null, 1)).toEqual(['ada'])
})

it('finds nobody who the viewer does not see', async () => {
  expect(await find('adafruit')).toEqual([])
  expect(await find('adaline')).toEqual([])
  expect(await find('leaving')).toEqual([])
  const { db } = people.database
  const { id } = await people.person('mallory', { displayName: 'Mallory Ada' })
  expect(await find('mallory', ada)).toEqual(['mallory'])
  await db.insert(blocks).values({ blocker: ada, blocked: id, kind: 'block', at: new Date() })
  expect(await find('mallory', ada)).toEqual([])
  expect(await find('ada', id)).toEqual(['adam', 'mallory'])
  expect(await find('mallory')).toEqual(['mallory'])
})

it('takes whatever is typed for words, and none of it for a query', async () => {
  expect(wordsOf("a:* | !b & 'c' \\ (d) <-> e f")).toEqual(['a', 'b', 'c', 'd', 'e'])
  for (const text of ["'", '%', '_', ':*', '& |', '\\', '@', '@-', '--', '!!', 'ада', '🙂'])
    expect(await find(text)).toEqual([])
})
