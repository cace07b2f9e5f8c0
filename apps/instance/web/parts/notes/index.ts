import type { Part } from '../../shell/part.ts'
import { dotIcon } from '../../ui/dot-matrix.tsx'

export const notes: Part = {
  id: 'notes',
  title: 'Note pad',
  about: 'Write anything. It is saved as you type.',
  aboutForViewers: 'The owner’s notes, if they let you write in them.',
  Icon: dotIcon('#####..', '#...##.', '#....#.', '#.oo.#.', '#....#.', '#.ooo#.', '######.'),
  isMany: false,
  isForViewers: true,
  load: () => import('./part.tsx'),
}
