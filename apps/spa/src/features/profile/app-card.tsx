/** An app that anyone may open, as a card that opens it. */
import type { SharedAppView } from '@matrixos/shared'
import { AppWindow } from 'lucide-react'

const AppCard = ({ app, withOwner = false }: { app: SharedAppView; withOwner?: boolean }) => (
  <li className="min-w-0">
    <a
      href={app.url}
      target="_blank"
      rel="noopener"
      className="flex h-full flex-col overflow-hidden rounded-card border border-line bg-surface hover:border-line-strong"
    >
      <span className="grid aspect-[1200/630] place-items-center bg-sunken">
        {app.pictureUrl === null ? (
          <AppWindow aria-hidden className="size-8 text-muted" />
        ) : (
          <img src={app.pictureUrl} alt="" loading="lazy" className="size-full object-cover" />
        )}
      </span>
      <span className="block p-4">
        <span className="block break-words font-medium">{app.title}</span>
        {app.description !== '' && (
          <span className="mt-1 line-clamp-2 break-words text-muted text-sm leading-5">
            {app.description}
          </span>
        )}
        {withOwner && (
          <span className="mt-2 block truncate text-muted text-sm">by {app.owner.displayName}</span>
        )}
      </span>
    </a>
  </li>
)

export const AppGrid = ({ apps, withOwner }: { apps: readonly SharedAppView[]; withOwner?: boolean }) => (
  <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
    {apps.map((app) => (
      <AppCard key={app.url} app={app} {...(withOwner === undefined ? {} : { withOwner })} />
    ))}
  </ul>
)
