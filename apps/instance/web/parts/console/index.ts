import type { Part } from '../../shell/part.ts'
import { dotIcon } from '../../ui/dot-matrix.tsx'

export const consolePart: Part = {
  id: 'console',
  title: 'Console',
  about: 'A few plain commands for your files.',
  aboutForViewers: 'A few plain commands to look around.',
  Icon: dotIcon('#......', '.#.....', '..#....', '...#...', '..#....', '.#.....', '#...ooo'),
  isMany: false,
  isForViewers: true,
  material: 'glass',
  isOffered: (me) => me.terminal === 'console',
  load: () => import('./part.tsx'),
}
