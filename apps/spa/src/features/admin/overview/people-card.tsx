/** How many people there are, and how many came lately. */
import type { AdminOverview } from '@matrixos/shared'
import { Link } from '@tanstack/react-router'
import { countText } from '../../../lib/figures.ts'
import { Fact, Facts, FigureCard } from './figure-card.tsx'

const link = 'underline decoration-line-strong underline-offset-4 hover:text-ink'

export const PeopleCard = ({ people }: { people: AdminOverview['people'] }) => (
  <FigureCard
    title="People"
    figure={countText(people.total)}
    unit={people.total === 1 ? 'account' : 'accounts'}
  >
    <Facts>
      <Fact term="Signed up in the last 24 hours">{countText(people.signedUp24h)}</Fact>
      <Fact term="Signed up in the last 7 days">{countText(people.signedUp7d)}</Fact>
      <Fact
        term={
          <Link to="/admin/people" search={{ state: 'admins' }} className={link}>
            Administrators
          </Link>
        }
      >
        {countText(people.admins)}
      </Fact>
      <Fact
        term={
          <Link to="/admin/people" search={{ state: 'suspended' }} className={link}>
            Suspended
          </Link>
        }
      >
        {countText(people.suspended)}
      </Fact>
    </Facts>
  </FigureCard>
)
