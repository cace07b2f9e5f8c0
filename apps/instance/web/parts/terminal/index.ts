import type { Part } from '../../shell/part.ts'
import { dotIcon } from '../../ui/dot-matrix.tsx'

export const terminal: Part = {
  id: 'terminal',
  title: 'Terminal',
  about: 'A real shell. What runs in it goes on while you are away from the page.',
  Icon: dotIcon('.......', '#......', '.#.....', '..#....', '.#.....', '#......', '....ooo'),
  isMany: true,
  isForViewers: false,
  material: 'glass',
  keepsKeys: true,
  isOffered: (me) => me.terminal === 'pty',
  load: () => import('./part.tsx'),
}
