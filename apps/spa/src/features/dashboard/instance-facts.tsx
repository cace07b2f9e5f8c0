/** Other facts: last use, when it sleeps, and how well it is isolated. */
import type { InstanceView } from '@matrixos/shared'
import { FlaskConical } from 'lucide-react'
import { site } from '../../lib/hosts.ts'
import { idleLimit, timeAgo } from '../../lib/time.ts'
import { useNow } from '../../lib/use-now.ts'

const Fact = ({ term, children }: { term: string; children: string }) => (
  <div>
    <dt className="text-muted text-sm">{term}</dt>
    <dd className="mt-1 leading-6 first-letter:uppercase">{children}</dd>
  </div>
)

export function InstanceFacts({ instance }: { instance: InstanceView }) {
  const now = useNow(15_000)
  const created = new Date(instance.createdAt).toLocaleDateString('en', { dateStyle: 'long' })
  return (
    <>
      <dl className="mt-8 grid gap-6 border-line border-t pt-6 sm:grid-cols-3">
        <Fact term="Last used">{timeAgo(instance.lastUsedAt, now)}</Fact>
        <Fact term="Sleeps">{idleLimit(instance.idleLimitS)}</Fact>
        <Fact term="Created">{created}</Fact>
      </dl>
      <p className="mt-5 text-muted text-sm">Looking at this page does not count as use.</p>
      {instance.isolation === 'none' && !site().isSingle && (
        <p className="mt-5 flex items-start gap-2.5 rounded-control bg-warn-soft px-4 py-3 text-sm leading-6">
          <FlaskConical aria-hidden className="mt-1 size-4 shrink-0 text-warn" />
          Development only: no isolation between computers
        </p>
      )}
    </>
  )
}
