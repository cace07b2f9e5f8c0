import { expect, test } from 'vitest'
import { into, nameOfPasted, takeDropped } from './dropped.ts'

const file = (name: string, type = '') => new File(['x'], name, { type })

/** A folder as a browser gives it: some entries at a time, then none. */
function folder(name: string, inner: object[]) {
  const rest = [...inner]
  return {
    ...{ name, isFile: false, isDirectory: true },
    createReader: () => ({
      readEntries: (resolve: (some: object[]) => void) => resolve(rest.splice(0, 2)),
    }),
  }
}
const leaf = (name: string) => ({
  ...{ name, isFile: true, isDirectory: false },
  file: (resolve: (value: File) => void) => resolve(file(name)),
})
const item = (entry: object | null) => ({ kind: 'file', webkitGetAsEntry: () => entry })

test('walks through folders, however many entries they hold', async () => {
  const data = {
    items: [
      item(folder('photos', [leaf('1'), leaf('2'), leaf('3'), folder('deep', [leaf('line\nbreak')])])),
      item(leaf('single')),
      item(folder('empty', [])),
      { kind: 'string', webkitGetAsEntry: () => null },
    ],
    files: [],
  }
  // biome-ignore lint/suspicious/noExplicitAny: what only a browser can make.
  const found = await takeDropped(data as any)()
  expect(found.at(-1)).toEqual({ name: 'empty', file: null })
  expect(into('home', found).map(({ path }) => path)).toEqual([
    ...['1', '2', '3', 'deep/line\nbreak'].map((name) => `home/photos/${name}`),
    'home/single',
  ])
})

test('names what comes from the clipboard by its time', () => {
  const now = new Date(2026, 0, 5, 9, 7, 3)
  expect(nameOfPasted(file('image.png', 'image/png'), now)).toBe('Pasted 2026-01-05 09.07.03.png')
  expect(nameOfPasted(file('', 'image/jpeg'), now)).toBe('Pasted 2026-01-05 09.07.03.jpg')
  expect(nameOfPasted(file('chart.webp', 'image/webp'), now)).toBe('chart.webp')
})
