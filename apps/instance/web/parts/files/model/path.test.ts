import { expect, test } from 'vitest'
import { crumbsOf, endingOf, freeName, isWithin, nameOf, parentOf, problemOfName } from './path.ts'

test('takes paths apart', () => {
  expect([nameOf('a/b.txt'), parentOf('a/b.txt')]).toEqual(['b.txt', 'a'])
  expect([nameOf('b.txt'), parentOf('b.txt')]).toEqual(['b.txt', ''])
  expect(crumbsOf('a/b').map((crumb) => crumb.path)).toEqual(['', 'a', 'a/b'])
  expect([endingOf('A.TXT'), endingOf('.bashrc'), endingOf('x.tar.gz'), endingOf('none')]).toEqual([
    'txt',
    '',
    'gz',
    '',
  ])
})

test('knows what lies in a folder', () => {
  expect(isWithin('a/b', 'a')).toBe(true)
  expect(isWithin('ab', 'a')).toBe(false)
  expect(isWithin('a', '')).toBe(true)
})

test('finds a free name', () => {
  const taken = new Set(['report.txt', 'report 2.txt', 'folder', '.env'])
  const isTaken = (name: string) => taken.has(name)
  expect(freeName('report.txt', isTaken)).toBe('report 3.txt')
  expect(freeName('report 2.txt', isTaken)).toBe('report 3.txt')
  expect(freeName('folder', isTaken)).toBe('folder 2')
  expect(freeName('.env', isTaken)).toBe('.env 2')
  expect(freeName('new', isTaken)).toBe('new')
})

test.each([' ', 'a/b', '.', '..', 'é'.repeat(128)])('refuses the name %j', (name) => {
  expect(problemOfName(name)).not.toBeNull()
})

test.each(['a\nb', '...', '"quoted"', '日本.md'])('takes the name %j', (name) => {
  expect(problemOfName(name)).toBeNull()
})
