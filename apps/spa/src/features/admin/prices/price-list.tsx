/** The prices found, model by model. */
import type { PriceView } from '@matrixos/shared'
import { useMemo, useState } from 'react'
import { counted } from '../../../lib/figures.ts'
import { useNow } from '../../../lib/use-now.ts'
import { Button } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { Checkbox } from '../../../ui/checkbox.tsx'
import { foundPrices, whenOf } from './found.ts'
import { PriceRow } from './price-row.tsx'

/** There are hundreds of models. */
const STEP = 50

export function PriceList({ prices, search }: { prices: PriceView[]; search: string }) {
  const now = useNow(60_000)
  const [hasPast, setPast] = useState(false)
  const [shown, setShown] = useState(STEP)
  const found = useMemo(
    () => foundPrices(prices, search).filter((price) => hasPast || whenOf(price, now) !== 'past'),
    [prices, search, hasPast, now],
  )
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <p role="status" className="text-muted text-sm">
          {counted(found.length, 'price', 'prices')}
        </p>
        <Checkbox
          label="Show past prices"
          checked={hasPast}
          onChange={(event) => setPast(event.target.checked)}
        />
      </div>
      {found.length === 0 ? (
        <Card className="mt-4">
          <h2 className="font-semibold">{search ? 'No price found' : 'No prices yet'}</h2>
          <p className="mt-2 max-w-prose text-muted text-sm leading-6">
            {search
              ? 'Try part of a model’s id. A model that is not here is refused until it has a price.'
              : 'Add one: models are refused until they have a price.'}
          </p>
        </Card>
      ) : (
        <Card className="mt-4 py-2 sm:py-3">
          <ul aria-label="Prices" className="divide-y divide-line">
            {found.slice(0, shown).map((price) => (
              <PriceRow
                key={`${price.provider} ${price.model} ${price.effectiveFrom} ${price.source}`}
                price={price}
                when={whenOf(price, now)}
              />
            ))}
          </ul>
          {found.length > shown && (
            <Button variant="secondary" className="my-4 w-full" onClick={() => setShown(shown + STEP)}>
              Show more prices
            </Button>
          )}
        </Card>
      )}
    </>
  )
}
