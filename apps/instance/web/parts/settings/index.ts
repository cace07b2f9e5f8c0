import type { Part } from '../../shell/part.ts'
import { dotIcon } from '../../ui/dot-matrix.tsx'

export const settings: Part = {
  id: 'settings',
  title: 'Settings',
  about: 'Theme, notifications, channels, schedules.',
  Icon: dotIcon('..o....', '##o####', '..o....', '....o..', '####o##', '....o..', '.......'),
  isMany: false,
  isForViewers: false,
  load: () => import('./part.tsx'),
}
