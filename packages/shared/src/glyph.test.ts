import { expect, test } from 'vitest'
import { GLYPH_SIZE, glyphOf, matrix } from './glyph.ts'

const draw = (handle: string) => {
  const { dots, life } = glyphOf(handle)
  const at = (x: number, y: number) =>
    life.x === x && life.y === y ? 'o' : dots.some((dot) => dot.x === x && dot.y === y) ? '#' : '.'
  return Array.from({ length: GLYPH_SIZE }, (_, y) =>
    Array.from({ length: GLYPH_SIZE }, (_, x) => at(x, y)).join(''),
  )
}

const handles = Array.from({ length: 2_000 }, (_, at) => `person-${at}`)

test('stays the same for ever: people know theirs', () => {
  expect(draw('alice')).toMatchInlineSnapshot(`
    [
      "#...#",
      "#...#",
      "..#..",
      "##.##",
      "..o..",
    ]
  `)
  expect(draw('ada-lovelace-of-london')).toMatchInlineSnapshot(`
    [
      "#.o.#",
      "#####",
      ".#.#.",
      "#.#.#",
      "##.##",
    ]
  `)
})

test('is the same left and right, and one dot of it is alive', () => {
  for (const handle of handles) {
    for (const row of draw(handle)) expect([...row].reverse().join('')).toBe(row)
    expect(draw(handle).join('').match(/o/g)).toHaveLength(1)
  }
})

test('is a figure: neither a few specks nor a block', () => {
  for (const handle of handles) {
    expect(glyphOf(handle).dots.length).toBeGreaterThanOrEqual(8)
    expect(glyphOf(handle).dots.length).toBeLessThanOrEqual(18)
  }
})

test('differs for names that differ by a letter', () => {
  const glyphs = new Set(handles.map((handle) => draw(handle).join('')))
  expect(glyphs.size).toBeGreaterThan(1_800)
})

test('knows every place of its matrix', () => {
  expect(matrix()).toHaveLength(25)
  expect(matrix().at(-1)).toEqual({ x: 4, y: 4 })
})
