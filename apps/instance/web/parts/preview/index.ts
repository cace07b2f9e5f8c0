import type { Part } from '../../shell/part.ts'
import { dotIcon } from '../../ui/dot-matrix.tsx'

/** Opened from the files, not by itself: it needs one. */
export const preview: Part = {
  id: 'preview',
  title: 'Preview',
  Icon: dotIcon('..###..', '.#...#.', '#..o..#', '#..o..#', '.#...#.', '..###..'),
  isMany: true,
  isForViewers: true,
  load: () => import('./part.tsx'),
}
