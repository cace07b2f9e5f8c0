/** The books for a proxy that cannot open the database itself: an embedded one belongs to this process. */
import { idSchema } from '@matrixos/shared'
import { z } from 'zod'
import { router, serviceProcedure } from '../../http/trpc.ts'
import type { Ledger } from '../../ports/ledger.ts'
import {
  allowanceSchema,
  answersSchema,
  budgetSchema,
  callerSchema,
  operationsSchema,
  pricesSchema,
} from './wire.ts'

export interface LedgerRouterOptions {
  ledger: Ledger
}

export const ledgerRouter = ({ ledger }: LedgerRouterOptions) =>
  router({
    /** The port’s `apply`, a name that tRPC keeps for itself. */
    write: serviceProcedure
      .input(operationsSchema)
      .mutation(async ({ input }) => z.encode(answersSchema, await ledger.apply(input))),

    /** A mutation, so that no hash stands in an address. */
    callerOf: serviceProcedure
      .input(z.string().max(100))
      .mutation(async ({ input }) => z.encode(callerSchema, await ledger.callerOf(input))),

    budgetOf: serviceProcedure
      .input(z.strictObject({ userId: idSchema('usr'), allowance: allowanceSchema }))
      .query(async ({ input }) =>
        z.encode(budgetSchema, await ledger.budgetOf(input.userId, input.allowance)),
      ),

    editedPrices: serviceProcedure.query(async () => z.encode(pricesSchema, await ledger.editedPrices())),
  })

/** As it is mounted. */
export type LedgerService = ReturnType<typeof mounted>
const mounted = (options: LedgerRouterOptions) => router({ ledger: ledgerRouter(options) })
