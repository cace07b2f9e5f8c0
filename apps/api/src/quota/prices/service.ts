/**
 * Prices as administrators see and edit them. An edit counts from its moment on, for calls that begin then; what was
 * charged before keeps its price, so no edit may begin in the past.
 */
import type { ModelPrice, PriceView, priceEditSchema } from '@matrixos/shared'
import type { z } from 'zod'
import type { Caller } from '../../access/principal.ts'
import type { Audit } from '../../audit/store.ts'
import type { Clock } from '../../clock.ts'
import type { Database } from '../../db/database.ts'
import type { Notifications } from '../../db/notifications.ts'
import { AppError } from '../../errors.ts'
import { createPrices } from './book.ts'
import { writtenPrice } from './edited-price.ts'
import type { PriceEdit, PriceStore } from './store.ts'

/** What a form needs from "now" to its being sent. */
const GRACE_MS = 60_000

export interface PriceAdministrationOptions {
  db: Database['db']
  store: PriceStore
  builtIn: readonly ModelPrice[]
  notifications: Pick<Notifications, 'publish'>
  audit: Audit
  clock: Clock
}

export type PriceAdministration = ReturnType<typeof createPriceAdministration>

type Input = z.output<typeof priceEditSchema>

export function createPriceAdministration(options: PriceAdministrationOptions) {
  const { db, store, builtIn, notifications, audit, clock } = options

  /** What counts without `edits`, or with them. */
  const pricesWith = (edits: readonly PriceEdit[]) =>
    createPrices([...builtIn, ...edits.map(({ price }) => price)])

  function check({ provider, model, price }: Input, effectiveFrom: Date, edits: readonly PriceEdit[]): void {
    if (price) {
      if (effectiveFrom.getTime() >= clock.now() - GRACE_MS) return
      throw new AppError(
        'invalid_input',
        'A price cannot begin in the past: what was charged stays as it is.',
      )
    }
    const isThere = edits.some(
      ({ price: edited }) =>
        edited.provider === provider &&
        edited.model === model &&
        edited.effectiveFrom.getTime() === effectiveFrom.getTime(),
    )
    if (!isThere) throw new AppError('not_found', 'There is no such edit to take back.')
  }

  return {
    /** Of every known model: what counts now, and what will. */
    async list(): Promise<PriceView[]> {
      const edits = await store.current()
      const editOf = new Map(edits.map((edit) => [edit.price, edit]))
      const listed = pricesWith(edits).list(new Date(clock.now()))
      return listed.map(({ price, effectiveUntil }) => ({
        ...writtenPrice(price),
        ...{ provider: price.provider, model: price.model, source: price.source },
        effectiveFrom: price.effectiveFrom.toISOString(),
        effectiveUntil: effectiveUntil?.toISOString() ?? null,
        editedBy: editOf.get(price)?.editedBy ?? null,
        note: editOf.get(price)?.note ?? null,
      }))
    },

    /** Throws `invalid_input` for a beginning in the past, `not_found` where there is nothing to take back. */
    async edit({ principal, request }: Caller, input: Input): Promise<void> {
      const { provider, model, price } = input
      const effectiveFrom = new Date(input.effectiveFrom)
      await db.transaction(async (tx) => {
        const edits = await store.current(tx)
        check(input, effectiveFrom, edits)
        const before = pricesWith(edits).priceOf(provider, model, effectiveFrom)
        const note = input.note || null
        const who = { editedBy: principal.userId, at: new Date(clock.now()) }
        await store.add(tx, { provider, model, effectiveFrom, price, note, ...who })
        const entry = {
          ...{ actor: principal.userId, target: model, address: request.address },
          action: 'price_edited',
          detail: {
            ...{ provider, effectiveFrom: effectiveFrom.toISOString(), to: price, note },
            from: before && writtenPrice(before),
          },
        } as const
        await audit.record(entry, tx)
      })
      notifications.publish('prices', { provider, model })
    },
  }
}
