/** Sound and film, by the browser's own player. */
import { files } from '../files/client/files.ts'
import type { ShownProps } from './shown.ts'

const UNPLAYED = 'This browser can’t play it. Download it to play it elsewhere.'

export const Sound = ({ path, file, name, onFailure }: ShownProps) => (
  <div className="sound">
    {/* biome-ignore lint/a11y/useMediaCaption: the file is all there is. */}
    <audio
      controls
      preload="metadata"
      aria-label={name}
      src={files.contentAddress(path, file.version)}
      onError={() => onFailure(UNPLAYED)}
    />
  </div>
)

export const Film = ({ path, file, name, onFailure }: ShownProps) => (
  <div className="film">
    {/* biome-ignore lint/a11y/useMediaCaption: the file is all there is. */}
    <video
      controls
      playsInline
      preload="metadata"
      aria-label={name}
      src={files.contentAddress(path, file.version)}
      onError={() => onFailure(UNPLAYED)}
    />
  </div>
)
