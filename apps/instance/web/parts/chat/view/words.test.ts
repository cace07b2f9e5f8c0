import { describe, expect, it } from 'vitest'
import { spoken } from './words.ts'

describe('what is said of an answer', () => {
  it('leaves out what only marks text, and no letter of a name', () => {
    expect(spoken('# Done\n\nI set `ANTHROPIC_API_KEY` in **one** _small_ file')).toBe(
      ' Done\n\nI set ANTHROPIC_API_KEY in one small file',
    )
  })
})
