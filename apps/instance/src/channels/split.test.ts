import { expect, it } from 'vitest'
import { split } from './split.ts'

it('leaves alone what fits, and sends nothing where there is nothing', () => {
  expect(split(' Hello. ', 20)).toEqual(['Hello.'])
  expect(split(' \n', 20)).toEqual([])
})

it('cuts at a paragraph, else at a line, else at a word', () => {
  expect(split(`${'a'.repeat(12)}\n\n${'b'.repeat(15)}`, 20)).toEqual(['a'.repeat(12), 'b'.repeat(15)])
  expect(split(`${'a'.repeat(12)}\n${'b'.repeat(15)}`, 20)).toEqual(['a'.repeat(12), 'b'.repeat(15)])
  expect(split(`${'a'.repeat(12)} ${'b'.repeat(15)}`, 20)).toEqual(['a'.repeat(12), 'b'.repeat(15)])
})

it('loses nothing, makes nothing too long, and cuts no character in two', () => {
  const text = '😀'.repeat(100)
  const parts = split(text, 31)
  expect(parts.join('')).toBe(text)
  for (const part of parts) {
    expect(part.length).toBeLessThanOrEqual(31)
    expect(part.isWellFormed()).toBe(true)
  }
})

it('closes a block of code that it cuts, and opens it again', () => {
  const parts = split(`\`\`\`\n${'line of code\n'.repeat(10)}\`\`\``, 80)
  expect(parts.length).toBeGreaterThan(1)
  for (const part of parts) {
    expect(part.match(/```/g)).toHaveLength(2)
    expect(part.length).toBeLessThanOrEqual(80)
  }
  expect(parts.join('\n').match(/line of code/g)).toHaveLength(10)
})
