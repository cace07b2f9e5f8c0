import type { Part } from '../../shell/part.ts'
import { dotIcon } from '../../ui/dot-matrix.tsx'

/** Opened from the files, not by itself: it needs one. */
export const editor: Part = {
  id: 'editor',
  title: 'Editor',
  Icon: dotIcon('.....##', '....#.#', '...#.#.', '..#.#..', '.o.#...', 'oo.....', 'oo.....'),
  isMany: true,
  isForViewers: true,
  load: () => import('./part.tsx'),
}
