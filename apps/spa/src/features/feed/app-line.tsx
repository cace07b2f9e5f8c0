/** The app that an item tells of, and how to open it. */
import type { FeedItemView } from '@matrixos/shared'
import { AppWindow } from 'lucide-react'
import { ButtonLink } from '../../ui/button.tsx'

export const AppLine = ({ app }: { app: NonNullable<FeedItemView['app']> }) => (
  <div className="mt-4 flex flex-wrap items-center gap-x-4 gap-y-3 rounded-control bg-sunken px-4 py-3">
    <AppWindow aria-hidden className="size-5 shrink-0 text-accent" />
    <span className="min-w-0 flex-1 truncate font-medium">{app.title}</span>
    {app.url && (
      <ButtonLink href={app.url} size="sm" variant="secondary" target="_blank" rel="noopener">
        Open app
      </ButtonLink>
    )}
  </div>
)
