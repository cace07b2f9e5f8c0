/** The picture that an app's link preview shall show: the one it has, its icon as a drawing, or a file of one's own. */
import { useEffect, useState } from 'react'
import { dataUrlOf, frameFile, PictureError } from '../../lib/picture.ts'
import { drawIcon } from './draw-icon.ts'

export interface ChosenPicture {
  /** For an `img`; `null`: not drawn yet. */
  url: string | null
  /** To be sent; `null`: it is there already, or cannot be drawn. */
  blob: Blob | null
  /** Why the last file was not taken. */
  problem: string | null
  isIcon: boolean
  choose: (file: Blob) => Promise<void>
  takeIcon: () => Promise<void>
  /** It is at the platform now. */
  sent: () => void
}

type Shown = Pick<ChosenPicture, 'url' | 'blob' | 'isIcon'>

const messageOf = (error: unknown): string =>
  error instanceof PictureError ? error.message : 'This picture could not be read.'

/** `kept`: the address of the one it has. */
export function usePicture(app: string, emoji: string | undefined, kept: string | null): ChosenPicture {
  const [shown, setShown] = useState<Shown>({ url: kept, blob: null, isIcon: false })
  const [problem, setProblem] = useState<string | null>(null)

  async function show(made: Promise<Blob>, isIcon: boolean): Promise<void> {
    try {
      const blob = await made
      setShown({ url: await dataUrlOf(blob), blob, isIcon })
      setProblem(null)
    } catch (error) {
      setProblem(messageOf(error))
    }
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, for what the page was opened with
  useEffect(() => {
    if (kept === null) void show(drawIcon(app, emoji), true)
  }, [app, emoji])

  return {
    ...shown,
    problem,
    choose: (file) => show(frameFile(file), false),
    takeIcon: () => show(drawIcon(app, emoji), true),
    sent: () => setShown((now) => ({ ...now, blob: null })),
  }
}
