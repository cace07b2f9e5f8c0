/** What one has published: who comes in, and the way to end it. */
import type { InstanceId, PublicationView } from '@matrixos/shared'
import { Link } from '@tanstack/react-router'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Dot } from '../../ui/dot.tsx'
import { AppIcon } from './app-icon.tsx'
import { useUnpublish } from './use-publishing.ts'
import { audienceText } from './words.ts'

export interface PublishedAppsProps {
  instanceId: InstanceId
  publications: PublicationView[]
  isAllowed: boolean
}

export const PublishedApps = ({ publications, ...rest }: PublishedAppsProps) => (
  <ul className="mt-3 divide-y divide-line rounded-card border border-line bg-surface">
    {publications.map((publication) => (
      <PublishedApp key={publication.app} publication={publication} {...rest} />
    ))}
  </ul>
)

interface PublishedAppProps extends Omit<PublishedAppsProps, 'publications'> {
  publication: PublicationView
}

function PublishedApp({ publication, instanceId, isAllowed }: PublishedAppProps) {
  const unpublish = useUnpublish(instanceId)
  const { app, title, url } = publication
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 px-5 py-4 sm:px-6">
      <div className="flex min-w-0 flex-1 basis-72 items-center gap-4">
        <AppIcon app={app} className="size-11" />
        <div className="min-w-0">
          <Link
            to="/publish"
            search={{ app }}
            className="block truncate font-medium underline-offset-4 hover:underline"
          >
            {title}
          </Link>
          <p className="truncate font-mono text-muted text-xs">{new URL(url).host}</p>
          <p className="mt-1 flex items-center gap-2.5 text-sm">
            <Dot tone={isAllowed ? 'awake' : 'asleep'} className="size-2" />
            {audienceText(publication, isAllowed)}
          </p>
        </div>
      </div>
      <div className="flex w-full gap-2 sm:w-auto">
        <ButtonLink
          size="sm"
          variant="secondary"
          href={url}
          target="_blank"
          rel="noopener"
          aria-label={`Open ${title}`}
        >
          Open
        </ButtonLink>
        <Button
          size="sm"
          variant="danger-quiet"
          className="ml-auto"
          aria-label={`Unpublish ${title}`}
          pending={unpublish.isPending}
          onClick={() => unpublish.start(publication)}
        >
          Unpublish
        </Button>
      </div>
    </li>
  )
}
