/** What a file is, by its name, and which part shows it best. */
import { endingOf } from '../files/model/path.ts'

export type FileKind =
  | 'image'
  | 'svg'
  | 'pdf'
  | 'audio'
  | 'video'
  | 'markdown'
  | 'html'
  | 'code'
  | 'archive'
  | 'text'

const ENDINGS: Record<Exclude<FileKind, 'text'>, string> = {
  image: 'png jpg jpeg gif webp avif bmp ico apng',
  svg: 'svg',
  pdf: 'pdf',
  audio: 'mp3 m4a aac ogg oga opus wav flac',
  video: 'mp4 m4v webm ogv mov',
  markdown: 'md markdown',
  html: 'html htm xhtml',
  code: 'js mjs cjs jsx ts mts cts tsx json css scss py rb rs go java c h cc cpp hpp cs kt php sh bash zsh sql yaml yml toml xml lua pl swift r',
  archive: 'zip tar gz tgz bz2 xz zst 7z rar',
}

const BY_ENDING = new Map(
  Object.entries(ENDINGS).flatMap(([kind, endings]) =>
    endings.split(' ').map((ending) => [ending, kind] as const),
  ),
) as ReadonlyMap<string, FileKind>

export const kindOf = (name: string): FileKind => BY_ENDING.get(endingOf(name)) ?? 'text'

const PREVIEWED: readonly FileKind[] = ['image', 'svg', 'pdf', 'audio', 'video', 'markdown', 'archive']

export const partFor = (name: string): 'preview' | 'editor' =>
  PREVIEWED.includes(kindOf(name)) ? 'preview' : 'editor'
