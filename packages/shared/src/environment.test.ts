import { expect, it } from 'vitest'
import { z } from 'zod'
import { readEnvironment } from './environment.ts'

const schema = z.object({ TOKEN: z.string().min(8), PORT: z.coerce.number().default(80) })
const read = (source: Record<string, string>) =>
  readEnvironment({
    schema,
    source,
    who: 'The test',
    readFile: (path) => {
      if (path === '/secret') return 'from the file\n'
      if (path === '/empty') return '\n'
      throw new Error('ENOENT')
    },
  })

it('takes values, files and defaults, and nothing else', () => {
  expect(read({ TOKEN: 'long enough', PORT: '', OTHER: 'x' })).toEqual({ TOKEN: 'long enough', PORT: 80 })
  expect(read({ TOKEN_FILE: '/secret', PORT: '8080' })).toEqual({ TOKEN: 'from the file', PORT: 8080 })
})

it('names what is wrong, and shows no value', () => {
  expect(() => read({ TOKEN: 'hunter2', PORT: 'x' })).toThrow(
    /^The test cannot start[\s\S]*TOKEN:[\s\S]*PORT:/,
  )
  expect(() => read({ TOKEN: 'hunter2' })).not.toThrow(/hunter2/)
  expect(() => read({ TOKEN_FILE: '/nowhere' })).toThrow('TOKEN_FILE names /nowhere, which cannot be read')
  expect(() => read({ TOKEN_FILE: '/empty' })).toThrow('TOKEN_FILE names /empty, which is empty')
})
