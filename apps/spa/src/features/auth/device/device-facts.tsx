/** Where a device asked from, as far as the platform can tell. */
import type { DeviceLoginView } from '@matrixos/shared'
import { capitalized } from '../../../lib/texts.ts'

const Fact = ({ term, wide, children }: { term: string; wide?: boolean; children: string }) => (
  <div className={wide ? 'col-span-2' : ''}>
    <dt className="text-muted">{term}</dt>
    <dd className="mt-0.5 break-words">{children}</dd>
  </div>
)

export const DeviceFacts = ({ login, asked }: { login: DeviceLoginView; asked: string }) => (
  <dl className="mt-5 grid grid-cols-2 gap-x-4 gap-y-3 border-line border-t pt-5 text-sm leading-6">
    <Fact term="Network address">{login.address}</Fact>
    <Fact term="Asked">{capitalized(asked)}</Fact>
    <Fact term="It describes itself as" wide>
      {login.userAgent || 'nothing'}
    </Fact>
  </dl>
)
