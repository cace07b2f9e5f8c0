/** For whoever has not used their computer for long: when it is packed away, and that nothing is lost by it. */
import type { InstanceView } from '@matrixos/shared'
import { longDate } from '../../lib/time.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'

export const ArchiveNotice = ({ instance, dueAt }: { instance: InstanceView; dueAt: string }) => (
  <Notice
    className="mt-8"
    title={`Your computer will be packed away on ${longDate(dueAt)}`}
    action={
      <ButtonLink href={instance.url} size="sm" variant="secondary">
        Open it
      </ButtonLink>
    }
  >
    Nobody has used it since {longDate(instance.lastUsedAt)}. Nothing is deleted: your next visit unpacks your
    files again, which takes a little longer. To keep it as it is, open it before then.
  </Notice>
)
