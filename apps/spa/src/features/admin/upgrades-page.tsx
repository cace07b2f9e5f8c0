/** `/admin/upgrades`: moves all computers to another image, one after the other, and back. */
import { useRef, useState } from 'react'
import { countText } from '../../lib/figures.ts'
import { trpc } from '../../lib/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Fact, Facts } from './overview/figure-card.tsx'
import { PageHead } from './page-head.tsx'
import { QueryError } from './query-error.tsx'
import { RolloutCard } from './upgrades/rollout-card.tsx'
import { StartUpgrade } from './upgrades/start-upgrade.tsx'

const REFRESH_MS = 2_000

export function UpgradesPage() {
  const upgrades = trpc.admin.upgrades.view.useQuery(undefined, { refetchInterval: REFRESH_MS })
  const [isStarting, setStarting] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const isUnderWay = upgrades.data?.rollouts[0]?.state === 'running'
  return (
    <div className="animate-rise">
      <PageHead
        title="Upgrades"
        action={
          <Button ref={opener} unavailable={!upgrades.data || isUnderWay} onClick={() => setStarting(true)}>
            Upgrade computers
          </Button>
        }
      >
        <p>
          Computers get the next image one after the other. One that does not run with it goes back to the
          image before by itself; those that sleep get it at their next wake.
        </p>
      </PageHead>
      {upgrades.data ? (
        <>
          <Images image={upgrades.data.image} images={upgrades.data.images} />
          {upgrades.data.rollouts.map((rollout) => (
            <RolloutCard key={rollout.id} rollout={rollout} />
          ))}
          {isStarting && (
            <StartUpgrade image={upgrades.data.image} opener={opener} onClose={() => setStarting(false)} />
          )}
        </>
      ) : upgrades.error ? (
        <QueryError title="The upgrades could not be loaded" query={upgrades} />
      ) : (
        <Skeleton className="mt-8 h-48" />
      )}
    </div>
  )
}

const Images = ({ image, images }: { image: string; images: { image: string; count: number }[] }) => (
  <Card className="mt-8">
    <h2 className="font-semibold">Images in use</h2>
    <p className="mt-2 text-muted text-sm leading-6">
      New computers get <span className="break-all font-mono text-ink">{image}</span>.
    </p>
    {images.length > 0 && (
      <Facts>
        {images.map(({ image: name, count }) => (
          <Fact key={name} term={<span className="break-all font-mono">{name}</span>}>
            {countText(count)}
          </Fact>
        ))}
      </Facts>
    )}
  </Card>
)
