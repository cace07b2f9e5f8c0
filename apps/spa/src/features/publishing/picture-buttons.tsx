/** Chooses the picture of a link preview: a screenshot of one's own, or the app's icon. */
import { ImageUp } from 'lucide-react'
import { useRef } from 'react'
import { Button } from '../../ui/button.tsx'
import type { ChosenPicture } from './use-picture.ts'

export function PictureButtons({ picture }: { picture: ChosenPicture }) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <div className="mt-3">
      <div className="flex flex-wrap gap-2">
        <Button size="sm" variant="secondary" onClick={() => input.current?.click()}>
          <ImageUp aria-hidden /> Choose a picture
        </Button>
        {!picture.isIcon && (
          <Button size="sm" variant="ghost" onClick={() => void picture.takeIcon()}>
            Use the icon
          </Button>
        )}
        <input
          ref={input}
          type="file"
          accept="image/png,image/jpeg,image/webp"
          aria-label="Picture for the link preview"
          className="sr-only"
          tabIndex={-1}
          onChange={(event) => {
            const [file] = event.target.files ?? []
            event.target.value = ''
            if (file) void picture.choose(file)
          }}
        />
      </div>
      <p aria-live="polite" className="mt-2 min-h-5 text-sm">
        {picture.problem ? (
          <span className="text-danger">{picture.problem}</span>
        ) : (
          <span className="text-muted">A screenshot works best. It is cut to 1200 × 630.</span>
        )}
      </p>
    </div>
  )
}
