/** What one's own computer printed. For its owner's session alone: programs print secrets, and tokens are handed on. */
import { idSchema, outputViewSchema, type SessionId } from '@matrixos/shared'
import { tracked } from '@trpc/server'
import { z } from 'zod'
import { router, signedInProcedure } from '../../http/trpc.ts'
import { MOST_RUNS } from './runs.ts'
import type { OutputService } from './service.ts'

export interface OutputRouterOptions {
  output: OutputService
  sessions: {
    /** A signal for a stream of this session: aborts when the client leaves or the session ends. */
    stream: (id: SessionId, gone: AbortSignal) => AbortSignal
  }
}

const instance = z.object({ instanceId: idSchema('ins') })
const nth = z
  .number()
  .int()
  .min(0)
  .max(MOST_RUNS - 1)

export const outputRouter = ({ output, sessions }: OutputRouterOptions) =>
  router({
    /** The last runs, and what the nth of them printed last; 0 is the present or last one. */
    of: signedInProcedure
      .input(instance.extend({ run: nth.default(0) }))
      .output(outputViewSchema)
      .query(({ ctx, input }) => output.of(ctx.principal, input.instanceId, input.run)),

    /** The end of what the present run has printed, now and whenever there is more. Resumes by itself, with all of it. */
    follow: signedInProcedure
      .input(instance.extend({ lastEventId: z.string().optional() }))
      // Not in the generator: its errors pass no middleware, and clients resume at once after one without a status.
      .subscription(async ({ ctx: { principal }, input, signal }) => {
        const gone = signal ?? new AbortController().signal
        const open = () => sessions.stream(principal.sessionId, gone)
        return trackedTexts(output.follow(principal, input.instanceId, open))
      }),
  })

async function* trackedTexts(texts: AsyncIterable<string>) {
  let count = 0
  for await (const text of texts) yield tracked(String(++count), text)
}
