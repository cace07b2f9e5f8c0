/** What the engine can run containers with: its own runc, and gVisor's runsc where the operator registered it. */
import { OCI_RUNTIMES, type OciRuntime } from '@matrixos/shared'
import { z } from 'zod'
import { AppError } from '../../../errors.ts'
import type { Engine } from './client.ts'

/** The client's types do not know it. */
const infoSchema = z.object({ Runtimes: z.record(z.string(), z.unknown()) })

export async function ociRuntimesOf(engine: Engine): Promise<OciRuntime[]> {
  const { Runtimes } = infoSchema.parse(await engine.info())
  return OCI_RUNTIMES.filter((name) => Runtimes[name] !== undefined)
}

/** The owner reads what it means for them; the cause is for the operator, who reads the log. */
export const ociRuntimeMissing = (name: string, cause?: unknown): AppError =>
  new AppError(
    'conflict',
    'The server lacks what this computer is to run with. Its operator has to install it.',
    {
      cause: new Error(
        `The container engine has no runtime "${name}". Register it in /etc/docker/daemon.json (npm run setup:real does), or set INSTANCE_RUNTIME=runc and change the plans that ask for it.`,
        { cause },
      ),
      retryAfterS: 30,
    },
  )
