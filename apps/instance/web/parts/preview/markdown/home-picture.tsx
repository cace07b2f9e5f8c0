/** A picture of the home, in a text. */
import { files } from '../../files/client/files.ts'
import { nameOf } from '../../files/model/path.ts'
import { DRAWN_AT_MOST, drawingAddress, isTooMuchToDraw } from '../drawing.ts'
import { kindOf } from '../kinds.ts'
import { useText } from '../use-file.ts'

export interface HomePictureProps {
  path: string
  alt: string
}

export const HomePicture = ({ path, alt }: HomePictureProps) =>
  kindOf(nameOf(path)) === 'svg' ? (
    <HomeDrawing path={path} alt={alt} />
  ) : (
    <img src={files.contentAddress(path)} alt={alt} loading="lazy" />
  )

function HomeDrawing({ path, alt }: HomePictureProps) {
  const state = useText(path, '', DRAWN_AT_MOST, 0)
  return state && 'text' in state && !isTooMuchToDraw(state.text) ? (
    <img src={drawingAddress(state.text)} alt={alt} />
  ) : (
    <span>{alt}</span>
  )
}
