/** The ledger of the api's process, over its private socket. */
import { createTRPCClient, TRPCClientError } from '@trpc/client'
import { z } from 'zod'
import { AppError } from '../../errors.ts'
import type { Ledger, LedgerAnswer } from '../../ports/ledger.ts'
import { createServiceLink, type ServiceLinkOptions } from '../service-link.ts'
import type { LedgerService } from './service-router.ts'
import {
  allowanceSchema,
  answersSchema,
  budgetSchema,
  callerSchema,
  operationsSchema,
  pricesSchema,
} from './wire.ts'

/** Rejects with the client's error, whose causes name the socket's or the api's. */
export function createRemoteLedger(options: ServiceLinkOptions): Ledger & { close: () => Promise<void> } {
  const { link, close } = createServiceLink(options)
  const { ledger } = createTRPCClient<LedgerService>({ links: [link] })
  return {
    apply: async (operations) => {
      const input = z.encode(operationsSchema, [...operations])
      const answers = await ledger.write.mutate(input).catch(throwAway)
      return z.decode(answersSchema, answers) satisfies LedgerAnswer[]
    },
    callerOf: async (tokenHash) => z.decode(callerSchema, await ledger.callerOf.mutate(tokenHash)),
    budgetOf: async (userId, allowance) => {
      const input = { userId, allowance: z.encode(allowanceSchema, allowance) }
      return z.decode(budgetSchema, await ledger.budgetOf.query(input))
    },
    editedPrices: async () => z.decode(pricesSchema, await ledger.editedPrices.query()),
    close,
  }
}

/** An api that does not answer, or says that its database does not: nothing is wrong with what was asked. */
function throwAway(error: unknown): never {
  const isAnswer = error instanceof TRPCClientError && error.data !== undefined && error.data !== null
  if (isAnswer && error.data.httpStatus !== 503) throw error
  throw new AppError('database_unavailable', 'The books do not answer.', { cause: error })
}
