/** The key of a new authenticator app entry: to be scanned, opened on this device, or typed. */
import { lazy, Suspense } from 'react'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'

const QrCode = lazy(async () => ({ default: (await import('../../ui/qr-code.tsx')).QrCode }))

export const TotpKey = ({ setup }: { setup: { secret: string; otpauthUrl: string } }) => (
  <>
    <p className="text-sm leading-6">
      Scan this with an authenticator app, or{' '}
      <a href={setup.otpauthUrl} className="text-accent underline underline-offset-4">
        open it on this device
      </a>
      .
    </p>
    <div className="mx-auto my-5 size-48">
      <Suspense fallback={<Skeleton className="size-full" />}>
        <QrCode text={setup.otpauthUrl} label="QR code for your authenticator app" />
      </Suspense>
    </div>
    <p className="font-medium text-sm">Or type this key</p>
    <div className="mt-2 mb-6 flex items-center justify-between gap-3 rounded-control bg-sunken py-2 pr-2 pl-4">
      <code className="min-w-0 break-all font-mono text-sm">{grouped(setup.secret)}</code>
      <CopyButton text={setup.secret} label="Copy key" />
    </div>
  </>
)

/** Four letters at a time are easier to type. */
const grouped = (secret: string) => secret.replace(/(.{4})(?=.)/g, '$1 ')
