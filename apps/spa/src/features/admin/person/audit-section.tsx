/** The latest entries of the audit log about a person. */
import type { PersonView } from '@matrixos/shared'
import { Link } from '@tanstack/react-router'
import { AuditEntry } from '../audit/audit-entry.tsx'
import { Nothing, Section } from './section.tsx'

export const AuditSection = ({ person, now }: { person: PersonView; now: number }) => (
  <Section
    title="Audit log"
    action={
      <Link
        to="/admin/audit"
        search={{ target: person.handle }}
        className="inline-flex min-h-11 items-center text-accent text-sm underline underline-offset-4 sm:min-h-9"
      >
        Search it
      </Link>
    }
  >
    {person.audit.length === 0 && <Nothing>Nothing is recorded of them.</Nothing>}
    <ul className="mt-3 max-h-96 divide-y divide-line overflow-y-auto">
      {person.audit.map((entry) => (
        <AuditEntry key={entry.id} entry={entry} now={now} />
      ))}
    </ul>
  </Section>
)
