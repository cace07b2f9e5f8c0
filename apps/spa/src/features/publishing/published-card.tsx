/** An app that is published: its link, to copy, share or scan, and the way to end it. */
import type { InstanceId, PublicationView } from '@matrixos/shared'
import { ArrowUpRight, Share2 } from 'lucide-react'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dot } from '../../ui/dot.tsx'
import { HostName } from '../../ui/host-name.tsx'
import { QrCode } from '../../ui/qr-code.tsx'
import { useUnpublish } from './use-publishing.ts'
import { audienceText } from './words.ts'

export interface PublishedCardProps {
  instanceId: InstanceId
  publication: PublicationView
  isAllowed: boolean
}

export function PublishedCard({ instanceId, publication, isAllowed }: PublishedCardProps) {
  const unpublish = useUnpublish(instanceId)
  const { url, title } = publication
  return (
    <Card aria-label="Published" className="mt-8">
      <div className="flex flex-col gap-6 sm:flex-row sm:items-start sm:justify-between">
        <div className="min-w-0 flex-1">
          <p className="flex items-center gap-2.5 font-medium">
            <Dot tone={isAllowed ? 'awake' : 'asleep'} /> {audienceText(publication, isAllowed)}
          </p>
          <div className="mt-4 flex items-center gap-2 rounded-control bg-sunken py-1.5 pr-1.5 pl-4">
            <HostName className="min-w-0 flex-1 text-sm">{new URL(url).host}</HostName>
            <CopyButton text={url} label="Copy the link" />
          </div>
          <div className="mt-4 flex flex-wrap gap-2.5">
            <ButtonLink href={url} target="_blank" rel="noopener" variant="secondary">
              Open <ArrowUpRight aria-hidden />
            </ButtonLink>
            <ShareButton url={url} title={title} />
            <Button
              variant="danger-quiet"
              className="ml-auto"
              pending={unpublish.isPending}
              onClick={() => unpublish.start(publication)}
            >
              Unpublish
            </Button>
          </div>
        </div>
        <div className="mx-auto w-40 shrink-0 sm:mx-0 sm:w-36">
          <QrCode text={url} label={`QR code of ${url}`} />
        </div>
      </div>
    </Card>
  )
}

/** Where the system has a way to share; elsewhere the link is copied. */
function ShareButton({ url, title }: { url: string; title: string }) {
  if (typeof navigator.share !== 'function') return null
  return (
    <Button variant="secondary" onClick={() => void navigator.share({ url, title }).catch(() => undefined)}>
      <Share2 aria-hidden /> Share
    </Button>
  )
}
