/** What is seen of files, folders and what can be done with them, in dots. */
import type { ComponentType } from 'react'
import type { Entry } from '../../../../src/files/api/protocol.ts'
import { dotIcon } from '../../../ui/dot-matrix.tsx'
import { type FileKind, kindOf } from '../../preview/kinds.ts'

export const FolderIcon = dotIcon('###....', '#######', '#.....#', '#.....#', '#.....#', '#######')
const LinkIcon = dotIcon('....###', '.....##', '..#.#.#', '.#.....', '#......', '#......', '.###...')
const TextIcon = dotIcon('#####..', '#...##.', '#.#.###', '#.....#', '#.###.#', '#.....#', '#######')
const MarkdownIcon = dotIcon('#####..', '#...##.', '#.o.###', '#.....#', '#.ooo.#', '#.....#', '#######')
const ImageIcon = dotIcon('#######', '#.....#', '#.o...#', '#....##', '#.#.#.#', '##.#..#', '#######')
const AudioIcon = dotIcon('..#####', '..#...#', '..#...#', '..#...#', '###.###', '###.###')
const VideoIcon = dotIcon('#######', '#.....#', '#.o...#', '#.oo..#', '#.o...#', '#.....#', '#######')
const PdfIcon = dotIcon('#####..', '#...##.', '#.oo###', '#.o.o.#', '#.oo..#', '#.o...#', '#######')
const CodeIcon = dotIcon('.......', '..#.#..', '.#...#.', '#.....#', '.#...#.', '..#.#..')
const ArchiveIcon = dotIcon('#######', '#..o..#', '#.o...#', '#..o..#', '#.o...#', '#..o..#', '#######')

const BY_KIND: Record<FileKind, ComponentType> = {
  image: ImageIcon,
  svg: ImageIcon,
  pdf: PdfIcon,
  audio: AudioIcon,
  video: VideoIcon,
  markdown: MarkdownIcon,
  html: CodeIcon,
  code: CodeIcon,
  archive: ArchiveIcon,
  text: TextIcon,
}

export function iconOf({ kind, name }: Pick<Entry, 'kind' | 'name'>): ComponentType {
  if (kind === 'folder') return FolderIcon
  return kind === 'file' ? BY_KIND[kindOf(name)] : LinkIcon
}

export const BackIcon = dotIcon('...#.', '..#..', '.#...', '..#..', '...#.')
export const ForwardIcon = dotIcon('.#...', '..#..', '...#.', '..#..', '.#...')
export const UpIcon = dotIcon('..#..', '.#.#.', '#...#', '.....')
export const DownIcon = dotIcon('.....', '#...#', '.#.#.', '..#..')
export const PlusIcon = dotIcon('..#..', '..#..', '#####', '..#..', '..#..')
export const UploadIcon = dotIcon('...#...', '..###..', '.#.#.#.', '...#...', '...#...', '#.....#', '#######')
export const DownloadIcon = dotIcon(
  '...#...',
  '...#...',
  '.#.#.#.',
  '..###..',
  '...#...',
  '#.....#',
  '#######',
)
export const SearchIcon = dotIcon('.####..', '#....#.', '#....#.', '#....#.', '.####..', '.....#.', '......#')
export const MoreIcon = dotIcon('.....', '.....', '#.#.#', '.....', '.....')
export const TrashIcon = dotIcon('..###..', '#######', '.#...#.', '.#.#.#.', '.#.#.#.', '.#...#.', '.#####.')
export const CheckIcon = dotIcon('......#', '.....#.', '#...#..', '.#.#...', '..#....')
export const CloseIcon = dotIcon('#...#', '.#.#.', '..#..', '.#.#.', '#...#')
export const PauseIcon = dotIcon('##.##', '##.##', '##.##', '##.##', '##.##')
export const PlayIcon = dotIcon('#....', '###..', '#####', '###..', '#....')
export const PencilIcon = dotIcon('.....##', '....#.#', '...#.#.', '..#.#..', '.#.#...', '##.....', '##.....')
export const CopyIcon = dotIcon('#####..', '#...#..', '#.#####', '#.#...#', '###...#', '..#...#', '..#####')
export const MoveIcon = dotIcon('...#...', '..#.#..', '.#...#.', '#.....#', '.......', '#######')
export const EyeIcon = dotIcon('..###..', '.#...#.', '#..o..#', '#..o..#', '.#...#.', '..###..')
export const UndoIcon = dotIcon('.#.....', '##.....', '######.', '##....#', '.#....#', '......#', '..####.')
export const TreeIcon = dotIcon('##.....', '#......', '#.#####', '#......', '#.#####', '#......', '#.#####')
export const WrapIcon = dotIcon('#######', '.......', '######.', '......#', '.#.###.', '##.....', '.#.....')
