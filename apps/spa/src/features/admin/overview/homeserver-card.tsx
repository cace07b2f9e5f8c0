/** Whether people and their AIs can message each other, and what an administrator should look at. */
import type { HomeserverState } from '@matrixos/shared'
import { countText } from '../../../lib/figures.ts'
import { useNow } from '../../../lib/use-now.ts'
import { Dot } from '../../../ui/dot.tsx'
import { Moment } from '../moment.tsx'
import { Fact, Facts, FigureCard } from './figure-card.tsx'
import { homeserverWords } from './homeserver-words.ts'

export function HomeserverCard({ homeserver }: { homeserver: HomeserverState }) {
  const now = useNow(30_000)
  const { state, since, why, pending, refused, plaintext7d } = homeserver
  const { text, tone } = homeserverWords(homeserver)
  return (
    <FigureCard title="Messages (Matrix)" className="sm:col-span-2">
      <p className="mt-3 flex items-baseline gap-3 text-pretty font-medium">
        <Dot tone={tone} className="animate-none shadow-none" />
        {text}
      </p>
      {state === 'off' ? (
        <p className="mt-2 max-w-prose text-pretty text-muted text-sm">
          To turn messages on, run a homeserver and set <code>HOMESERVER_URL</code> (deploy/README.md,
          “Matrix”).
        </p>
      ) : (
        <div className="grid sm:grid-cols-2 sm:gap-10">
          <Facts>
            {since !== null && (
              <Fact term={state === 'up' ? 'Up' : 'Down'}>
                <Moment iso={since} now={now} />
              </Fact>
            )}
            <Fact term="Accounts being made or removed">{countText(pending)}</Fact>
          </Facts>
          <Facts>
            <Fact term="Refused by the homeserver">{countText(refused)}</Fact>
            <Fact term="Unencrypted messages, 7 days">{countText(plaintext7d)}</Fact>
          </Facts>
        </div>
      )}
      {state === 'down' && why !== null && !text.startsWith(why) && (
        <p className="mt-4 text-pretty text-muted text-sm">{why}</p>
      )}
    </FigureCard>
  )
}
