/** Makes somebody who has just signed in an administrator, as the server's command line does. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from '@matrixos/host/root'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import type { Stack } from './stack.ts'

export async function makeAdministrator(
  { dataDir, runDir }: Pick<Stack, 'dataDir' | 'runDir'>,
  client: PlatformClient,
  handle: string,
): Promise<void> {
  const env = { PATH: process.env.PATH, DATA_DIR: dataDir, RUN_DIR: runDir }
  const command = [join(ROOT, 'scripts/admin.ts'), 'grant', handle]
  const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: ROOT, env })
  const secret = /#([\w-]+)/.exec(stdout)?.[1]
  if (!secret) throw new Error(`The command printed no link: ${stdout}`)
  await client.trpc.admin.accept.mutate({ secret })
}
