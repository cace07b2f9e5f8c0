/** Pictures, as they fit the window or pixel by pixel. */
import { useState } from 'react'
import { files } from '../files/client/files.ts'
import { DRAWN_AT_MOST, drawingAddress, isTooMuchToDraw } from './drawing.ts'
import type { ShownProps } from './shown.ts'
import { type TextState, useText } from './use-file.ts'

/** What a browser is still asked to draw; a larger one would take its memory, and the page with it. */
const PICTURED_AT_MOST = 100_000_000

export function Picture({ path, file, name, onFailure }: ShownProps) {
  if (file.size > PICTURED_AT_MOST)
    return <p className="said">This picture is too large to show. Download it to open it elsewhere.</p>
  return (
    <Zoomed
      name={name}
      address={files.contentAddress(path, file.version)}
      onFailure={() => onFailure(UNSHOWN)}
    />
  )
}

const UNSHOWN =
  'I can’t show this picture. Perhaps it is damaged, or of a kind that this browser does not know.'

export function Drawing({ path, file, name, onFailure }: ShownProps) {
  const state: TextState = useText(path, file.version, DRAWN_AT_MOST, file.size)
  if (!state) return null
  if ('failure' in state) return <p className="said">{state.failure}</p>
  if (!state.isWhole || isTooMuchToDraw(state.text))
    return <p className="said">This drawing is too large to show. Open it in the editor.</p>
  return <Zoomed name={name} address={drawingAddress(state.text)} onFailure={() => onFailure(UNSHOWN)} />
}

function Zoomed({ name, address, onFailure }: { name: string; address: string; onFailure: () => void }) {
  const [isFull, setIsFull] = useState(false)
  const [size, setSize] = useState('')
  return (
    <div className="picture" data-full={isFull}>
      <button
        type="button"
        aria-pressed={isFull}
        aria-label={isFull ? 'Fit the window' : 'Show every pixel'}
        onClick={() => setIsFull(!isFull)}
      >
        <img
          src={address}
          alt={name}
          onError={onFailure}
          onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) =>
            setSize(naturalWidth > 0 ? `${naturalWidth} × ${naturalHeight}` : '')
          }
        />
      </button>
      {size !== '' && <small>{size}</small>}
    </div>
  )
}
