import { dotIcon } from '../../../ui/dot-matrix.tsx'

export const ReloadIcon = dotIcon('..###.#', '.#...##', '#...###', '#......', '#.....#', '.#...#.', '..###..')
export const FullScreenIcon = dotIcon(
  '##...##',
  '#.....#',
  '.......',
  '.......',
  '.......',
  '#.....#',
  '##...##',
)
