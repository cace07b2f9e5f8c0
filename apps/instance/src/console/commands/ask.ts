/** The command that asks the AI. */
import { type Command, need } from '../command.ts'

export const ask: Command = {
  usage: 'ask QUESTION',
  about: 'ask the AI a question',
  async run(args, _flags, { ask: askAi }) {
    const words = need(args, 1, ask)
    return { text: await askAi(words.join(' ')) }
  },
}
