/** `/admin/prices`: what models cost, where each price comes from, and the way to edit it. */
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Search } from 'lucide-react'
import { useRef, useState } from 'react'
import { trpc } from '../../lib/trpc.ts'
import { useTyped } from '../../lib/use-typed.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { PageHead } from './page-head.tsx'
import { EditPrice } from './prices/edit-price.tsx'
import { PriceList } from './prices/price-list.tsx'
import { QueryError } from './query-error.tsx'

const route = getRouteApi('/admin/prices')
const LONGEST_SEARCH = 64

export function PricesPage() {
  const { q = '' } = route.useSearch()
  const navigate = useNavigate()
  const prices = trpc.admin.prices.list.useQuery()
  const [isAdding, setAdding] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const [text, setText] = useTyped(q.slice(0, LONGEST_SEARCH), (typed) => {
    const search = { q: typed.trim() || undefined }
    void navigate({ to: '/admin/prices', search, replace: true, resetScroll: false })
  })
  return (
    <div className="animate-fade">
      <PageHead
        title="AI prices"
        action={
          <Button ref={opener} onClick={() => setAdding(true)}>
            Add a price
          </Button>
        }
      >
        <p>
          USD per million tokens. A model without a price is refused on the platform’s keys. Calls that were
          charged keep their price.
        </p>
      </PageHead>
      <search className="mt-6 block">
        <Field
          label="Search"
          type="search"
          placeholder="Model or provider"
          value={text}
          maxLength={LONGEST_SEARCH}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          start={<Search aria-hidden className="mr-3 size-4 shrink-0 text-muted" />}
          onChange={(event) => setText(event.target.value)}
        />
      </search>
      {prices.data ? (
        <PriceList prices={prices.data} search={q} />
      ) : prices.error ? (
        <QueryError title="The prices could not be loaded" query={prices} />
      ) : (
        <Skeleton className="h-96" />
      )}
      {isAdding && <EditPrice price={null} opener={opener} onClose={() => setAdding(false)} />}
    </div>
  )
}
