/** What the buttons of a window show. */
import { dotIcon } from '../../ui/dot-matrix.tsx'

export const MinimiseIcon = dotIcon('.....', '.....', '.....', '.....', '#####')
export const CloseIcon = dotIcon('#...#', '.#.#.', '..#..', '.#.#.', '#...#')
export const FillIcon = dotIcon('#####', '#...#', '#...#', '#...#', '#####')
export const RestoreIcon = dotIcon('.####', '.#..#', '####.', '#..#.', '####.')
export const LeftIcon = dotIcon('#####', '##..#', '##..#', '##..#', '#####')
export const RightIcon = dotIcon('#####', '#..##', '#..##', '#..##', '#####')
export const BackIcon = dotIcon('...#.', '..#..', '.#...', '..#..', '...#.')
