/** What the proxy tells the api of people's own keys. */
import { aiProviderSchema, idSchema } from '@matrixos/shared'
import { z } from 'zod'
import { router, serviceProcedure } from '../../http/trpc.ts'
import type { OwnKeys } from './service.ts'

export interface KeyServiceOptions {
  ownKeys: Pick<OwnKeys, 'noteRefused'>
}

export const keyServiceProcedures = (services: KeyServiceOptions) => ({
  /** The proxy saw a provider refuse it. */
  noteKeyRefused: serviceProcedure
    .input(z.object({ userId: idSchema('usr'), provider: aiProviderSchema }))
    .output(z.object({ ok: z.literal(true) }))
    .mutation(async ({ input }) => {
      await services.ownKeys.noteRefused(input.userId, input.provider)
      return { ok: true } as const
    }),
})

/** As it is mounted. */
export type KeyService = ReturnType<typeof mounted>
const mounted = (options: KeyServiceOptions) => router({ quota: router(keyServiceProcedures(options)) })
