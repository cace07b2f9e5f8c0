import type { Part } from '../../shell/part.ts'
import { dotIcon } from '../../ui/dot-matrix.tsx'

export const soul: Part = {
  id: 'soul',
  title: 'Soul',
  about: 'Who this computer is, in its own words.',
  Icon: dotIcon('.##.##.', '#######', '###o###', '#######', '.#####.', '..###..', '...#...'),
  isMany: false,
  isForViewers: true,
  load: () => import('./part.tsx'),
}
