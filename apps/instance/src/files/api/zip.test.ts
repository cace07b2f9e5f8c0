import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../testing/folder.ts'
import { createZip, type Zip } from './zip.ts'

const READ = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as it:
    assert it.testzip() is None
    all = it.infolist()
    print(json.dumps({'count': len(all), 'first': [all[0].filename, all[0].date_time, all[0].external_attr >> 16], 'last': all[-1].filename, 'text': it.read(all[0]).decode()[:20]}))
`

/** As another program reads it. */
async function reads(fill: (zip: Zip) => Promise<void>): Promise<unknown> {
  await using folder = await temporaryFolder()
  const parts: Buffer[] = []
  const zip = createZip(async (bytes) => void parts.push(bytes))
  await fill(zip)
  await zip.end()
  const path = join(folder.path, 'it.zip')
  await writeFile(path, Buffer.concat(parts))
  return JSON.parse(String(execFileSync('python3', ['-c', READ, path])))
}

const entry = (name: string) => ({ name, modifiedAt: new Date('2024-02-29T10:20:30Z'), mode: 0o100755 })
const pieces = async function* (text: string) {
  for (const letter of text) yield Buffer.from(letter)
}

test.each([true, false])('streams a file whose size needs 64 bits; packed already: %s', async (isPacked) => {
  const said = await reads(async (zip) => {
    await zip.stream(entry('film.mp4'), pieces('of which little came'), { size: 5_000_000_000, isPacked })
    await zip.folder(entry('ü'))
  })
  expect(said).toEqual({
    count: 2,
    first: ['film.mp4', [2024, 2, 29, 10, 20, 30], 0o100755],
    last: 'ü/',
    text: 'of which little came',
  })
})

test('lists more files than the old format could count, and times that it could not tell', async () => {
  const said = await reads(async (zip) => {
    await zip.file({ ...entry('old'), modifiedAt: new Date('1950-01-01') }, Buffer.from('words'))
    await zip.file({ ...entry('never'), modifiedAt: new Date(Number.NaN) }, Buffer.from('words'))
    for (let i = 0; i < 66_000; i++) await zip.file(entry(`${i}`), Buffer.alloc(0))
  })
  expect(said).toMatchObject({ count: 66_002, last: '65999', text: 'words' })
})

test('fails as a whole when a file cannot be read on', async () => {
  const zip = createZip(async () => undefined)
  const broken = async function* () {
    yield Buffer.from('first')
    throw new Error('the disk')
  }
  for (const isPacked of [true, false]) {
    await expect(zip.stream(entry('a'), broken(), { size: 10, isPacked })).rejects.toThrow('the disk')
  }
})
