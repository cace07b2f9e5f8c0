/** New recovery codes, the only time that they are shown: to be copied, downloaded or printed. */
import type { RecoveryCodes as Codes } from '@matrixos/shared'
import { Download, Printer } from 'lucide-react'
import { site } from '../../lib/hosts.ts'
import { recoverySheet } from '../../lib/recovery-sheet.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useSession } from '../auth/session.ts'

export interface RecoveryCodesProps {
  made: Codes
  onStored: () => void
}

function download(name: string, text: string) {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}

export function RecoveryCodes({ made, onStored }: RecoveryCodesProps) {
  const session = useSession()
  const handle = session.status === 'in' ? session.user.handle : ''
  const sheet = recoverySheet({ handle, site: site().appOrigin, ...made })
  return (
    <div>
      <Notice tone="warn" title="Store these codes now">
        They are shown only this once. Whoever has one of them can sign in as you.
      </Notice>
      <div data-print-sheet className="mt-5 rounded-control bg-sunken p-5">
        <p className="hidden pb-4 print:block">
          Recovery codes of {handle} for {site().appOrigin}, each good for one sign-in
        </p>
        <ol aria-label="Recovery codes" className="grid gap-x-8 gap-y-2 font-mono text-sm xl:grid-cols-2">
          {made.codes.map((code) => (
            <li key={code} className="break-all">
              {code}
            </li>
          ))}
        </ol>
      </div>
      <div className="mt-4 flex flex-wrap gap-2">
        <CopyButton text={sheet} label="Copy all codes" />
        <Button variant="ghost" size="sm" onClick={() => download(`matrix-os-${handle}-codes.txt`, sheet)}>
          <Download aria-hidden /> Download
        </Button>
        <Button variant="ghost" size="sm" onClick={() => window.print()}>
          <Printer aria-hidden /> Print
        </Button>
      </div>
      <Button className="mt-6" onClick={onStored}>
        I’ve stored them
      </Button>
    </div>
  )
}
