/** What waits to be answered: bounded, and read without trust in what stands there. */
import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../testing/folder.ts'
import { newEntry, openInbox } from './inbox.ts'

const entry = (id: string) => newEntry({ kind: 'run', id, run: { id, schedule: 's', dueAt: 'now' } }, 1)

it('takes so many that wait, and more once one is done with, also after a start', async () => {
  await using folder = await temporaryFolder()
  const inbox = openInbox(folder.path)
  for (let count = 0; count < 200; count++) expect(await inbox.put(entry(`run-${count}`))).toBe(true)
  await expect(inbox.put(entry('one-more'))).rejects.toMatchObject({ status: 429 })
  // What it has, it knows.
  expect(await inbox.put(entry('run-7'))).toBe(false)
  const next = openInbox(folder.path)
  expect(await next.unfinished()).toHaveLength(200)
  await expect(next.put(entry('one-more'))).rejects.toThrow('Too much waits')
  await next.save({ ...entry('run-7'), isDone: true })
  expect(await next.put(entry('one-more'))).toBe(true)
})

it('passes over what is no entry: too large, another name, a pipe', async () => {
  await using folder = await temporaryFolder()
  const inbox = openInbox(folder.path)
  await inbox.put(entry('right'))
  const place = join(folder.path, 'system/.inbox')
  await mkdir(place, { recursive: true })
  await writeFile(
    join(place, 'large.json'),
    JSON.stringify({ ...entry('large'), answer: 'x'.repeat(2_000_000) }),
  )
  await writeFile(join(place, 'named.json'), JSON.stringify(entry('otherwise')))
  await promisify(execFile)('mkfifo', [join(place, 'pipe.json')])
  expect((await openInbox(folder.path).unfinished()).map(({ id }) => id)).toEqual(['right'])
})
