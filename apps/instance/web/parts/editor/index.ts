import type { Part } from '../../shell/part.ts'
import { dotIcon } from '../../ui/dot-matrix.tsx'

/** Opened from the files, not by itself: it needs one. */
export const editor: Part = {
  id: 'editor',
  title: 'Editor',
  Icon: dotIcon('.....##', '....#.#', '...#.#.', '..#.#..', '.o.#...', 'oo.....', 'oo.....'),
  isMany: true,
  isForViewers: true,
  // One window for each file, wherever in it one is.
  subjectOf: (target) => (typeof target === 'object' && target && 'path' in target ? target.path : target),
  load: () => import('./part.tsx'),
}
