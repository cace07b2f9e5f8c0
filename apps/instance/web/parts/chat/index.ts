import type { Part } from '../../shell/part.ts'
import { dotIcon } from '../../ui/dot-matrix.tsx'

export const chat: Part = {
  id: 'chat',
  title: 'Chat',
  about: 'Ask me anything, or have me build something.',
  Icon: dotIcon('######.', '#....#.', '#.oo.#.', '#....#.', '####.#.', '...###.', '.....#.'),
  isMany: false,
  isForViewers: false,
  material: 'glass',
  load: () => import('./part.tsx'),
  commands: () => [
    {
      id: 'chat new',
      title: 'New conversation',
      run: (open) => open({ part: 'chat', target: { isNew: true } }),
    },
  ],
}
