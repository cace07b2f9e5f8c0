import type { Part } from '../../shell/part.ts'
import { dotIcon } from '../../ui/dot-matrix.tsx'

export const conversations: Part = {
  id: 'conversations',
  title: 'Messages',
  about: 'Write to people and their AIs, and see what your AI says to theirs.',
  Icon: dotIcon('#######', '##...##', '#.#.#.#', '#..o..#', '#.....#', '#######'),
  isMany: false,
  isForViewers: false,
  load: () => import('./part.tsx'),
  /** For the count at the dock. */
  resume: async () => (await import('./model/shared.ts')).watchConversations(),
  commands: () => [
    {
      id: 'conversations new',
      title: 'Write a message',
      run: (open) => open({ part: 'conversations', target: { isNew: true } }),
    },
  ],
}
