/** A link as chat programs and social networks draw it, while its owner types. */
import { PICTURE_SIZE } from '@matrixos/shared'

export interface PreviewCardProps {
  picture: string | null
  title: string
  description: string
  host: string
}

export const PreviewCard = ({ picture, title, description, host }: PreviewCardProps) => (
  <figure
    aria-label="How the link looks elsewhere"
    className="overflow-hidden rounded-control border border-line bg-surface"
  >
    {picture ? (
      <img
        src={picture}
        alt=""
        width={PICTURE_SIZE.width}
        height={PICTURE_SIZE.height}
        className="aspect-[1200/630] h-auto w-full bg-sunken object-cover"
      />
    ) : (
      <div className="aspect-[1200/630] w-full bg-sunken" />
    )}
    <figcaption className="px-4 py-3">
      <p className="truncate text-muted text-xs">{host}</p>
      <p className="mt-1 line-clamp-2 min-h-6 font-medium wrap-anywhere">{title || 'Title'}</p>
      <p className="mt-0.5 line-clamp-2 min-h-10 text-muted text-sm leading-5 wrap-anywhere">{description}</p>
    </figcaption>
  </figure>
)
