/** The ledger of the api's process, over its private socket. */
import { createTRPCClient, httpLink } from '@trpc/client'
import { Agent, fetch as undiciFetch } from 'undici'
import { z } from 'zod'
import type { Ledger, LedgerAnswer } from '../../ports/ledger.ts'
import type { LedgerService } from './service-router.ts'
import {
  allowanceSchema,
  answersSchema,
  budgetSchema,
  callerSchema,
  operationsSchema,
  pricesSchema,
} from './wire.ts'

export interface RemoteLedgerOptions {
  serviceSocket: string
  token: string
  /** For one answer: an api that hangs must not stop the books for longer. */
  timeoutMs?: number
}

const TIMEOUT_MS = 15_000

/** Rejects with the client's error, whose causes name the socket's or the api's. */
export function createRemoteLedger(options: RemoteLedgerOptions): Ledger & { close: () => Promise<void> } {
  const { serviceSocket, token, timeoutMs = TIMEOUT_MS } = options
  const agent = new Agent({
    connect: { socketPath: serviceSocket },
    ...{ headersTimeout: timeoutMs, bodyTimeout: timeoutMs },
  })
  // One call a request: answers in a batch would wait for the slowest.
  const { ledger } = createTRPCClient<LedgerService>({
    links: [
      httpLink({
        url: 'http://service/trpc',
        fetch: (input, init) =>
          undiciFetch(String(input), {
            method: init?.method ?? 'GET',
            // The client's own bodies are JSON.
            body: typeof init?.body === 'string' ? init.body : null,
            headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
            dispatcher: agent,
          }),
      }),
    ],
  })
  return {
    apply: async (operations) => {
      const answers = await ledger.write.mutate(z.encode(operationsSchema, [...operations]))
      return z.decode(answersSchema, answers) satisfies LedgerAnswer[]
    },
    callerOf: async (tokenHash) => z.decode(callerSchema, await ledger.callerOf.mutate(tokenHash)),
    budgetOf: async (userId, allowance) => {
      const input = { userId, allowance: z.encode(allowanceSchema, allowance) }
      return z.decode(budgetSchema, await ledger.budgetOf.query(input))
    },
    editedPrices: async () => z.decode(pricesSchema, await ledger.editedPrices.query()),
    close: () => agent.destroy(),
  }
}
