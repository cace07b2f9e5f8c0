/** Export and import, of the owner and of the server's command line: input → service → output. */
import { transferStateSchema, type UserId, uploadIdSchema } from '@matrixos/shared'
import { z } from 'zod'
import { router, serviceProcedure, signedInProcedure, stepUpProcedure } from '../../http/trpc.ts'
import type { AttemptLimit } from '../../limits/attempt-limit.ts'
import type { KeptExports } from './kept-exports.ts'
import type { MovedRow, Transfers } from './service.ts'

export interface TransferRouterOptions {
  transfers: Transfers
  keptExports: KeptExports
  /** Throw `not_found`. */
  ownRow: (userId: UserId, how?: { toChange?: boolean }) => Promise<MovedRow>
  rowOfHandle: (handle: string) => Promise<MovedRow>
  /** Exports of one account. */
  exportLimit: AttemptLimit
}

const ok = z.object({ ok: z.literal(true) })
const done = { ok: true } as const
const size = z.object({ sizeBytes: z.number().int().min(1) })
const upload = z.object({ uploadId: uploadIdSchema })
const handle = z.object({ handle: z.string().max(64) })
const server = { actor: 'server', address: '' } as const

export const transferRouter = (options: TransferRouterOptions) =>
  router({ ...ownProcedures(options), server: router(serverProcedures(options)) })

const ownProcedures = ({ transfers, keptExports, ownRow, exportLimit }: TransferRouterOptions) => ({
  state: signedInProcedure
    .output(transferStateSchema)
    .query(async ({ ctx }) => transfers.state(await ownRow(ctx.principal.userId, { toChange: false }))),

  /** Begins to make a file of everything; `state` says what becomes of it. */
  beginExport: stepUpProcedure.output(ok).mutation(async ({ ctx: { principal, request } }) => {
    const { userId } = principal
    const row = await ownRow(userId, { toChange: false })
    await exportLimit.take(userId)
    await keptExports.begin(row, { actor: userId, address: request.address })
    return done
  }),

  /** Cancels it, or deletes its file. */
  forgetExport: signedInProcedure.output(ok).mutation(async ({ ctx }) => {
    await keptExports.forget(await ownRow(ctx.principal.userId, { toChange: false }))
    return done
  }),

  /** Whether the file would be handed out now: it is a link, which cannot ask who is there. */
  prepareDownload: stepUpProcedure.output(ok).mutation(async () => done),

  begin: stepUpProcedure
    .input(size)
    .output(upload)
    .mutation(async ({ ctx, input }) => transfers.begin(await ownRow(ctx.principal.userId), input.sizeBytes)),

  finish: signedInProcedure
    .input(upload)
    .output(ok)
    .mutation(async ({ ctx: { principal, request }, input }) => {
      const { userId } = principal
      const who = { actor: userId, address: request.address }
      await transfers.finish(await ownRow(userId), input.uploadId, who)
      return done
    }),

  takeBack: stepUpProcedure.output(ok).mutation(async ({ ctx: { principal, request } }) => {
    const { userId } = principal
    await transfers.takeBack(await ownRow(userId), { actor: userId, address: request.address })
    return done
  }),

  confirm: stepUpProcedure.output(ok).mutation(async ({ ctx }) => {
    await transfers.confirm(await ownRow(ctx.principal.userId))
    return done
  }),
})

/** What `npm run admin` calls, on the private socket. */
const serverProcedures = ({
  transfers,
  rowOfHandle,
}: Pick<TransferRouterOptions, 'transfers' | 'rowOfHandle'>) => ({
  state: serviceProcedure
    .input(handle)
    .output(transferStateSchema)
    .mutation(async ({ input }) => transfers.state(await rowOfHandle(input.handle))),

  begin: serviceProcedure
    .input(handle.extend(size.shape))
    .output(upload)
    .mutation(async ({ input }) => transfers.begin(await rowOfHandle(input.handle), input.sizeBytes)),

  finish: serviceProcedure
    .input(handle.extend(upload.shape))
    .output(ok)
    .mutation(async ({ input }) => {
      await transfers.finish(await rowOfHandle(input.handle), input.uploadId, server)
      return done
    }),

  takeBack: serviceProcedure
    .input(handle)
    .output(ok)
    .mutation(async ({ input }) => {
      await transfers.takeBack(await rowOfHandle(input.handle), server)
      return done
    }),

  confirm: serviceProcedure
    .input(handle)
    .output(ok)
    .mutation(async ({ input }) => {
      await transfers.confirm(await rowOfHandle(input.handle))
      return done
    }),
})
