/** `keys.json`: the key of the stores, and of which devices they hold the keys. Without it, the platform gives new devices. */
import { readFile } from 'node:fs/promises'
import type { MatrixAccess, MatrixAccount, MatrixAccountKind } from '@matrixos/shared'
import * as z from 'zod/mini'
import type { WriteAtomic } from '../files/atomic.ts'
import { isMissing } from '../http/problem.ts'
import { keysFile, storesFolder } from './places.ts'

const keys = z.object({ storageKey: z.string() })

export interface Credentials {
  homeserverUrl: string
  serverName: string
  storageKey: string
  folder: string
  accounts: Record<MatrixAccountKind, MatrixAccount>
}

export interface CredentialsOptions {
  root: string
  write: WriteAtomic
  platform: { matrix(): Promise<MatrixAccess>; newDevice(): Promise<MatrixAccess> }
  random: (bytes: number) => Buffer
}

/** Resolves to why there are none, or to them. */
export function createCredentials({ root, write, platform, random }: CredentialsOptions) {
  async function storageKey(): Promise<string | null> {
    try {
      return keys.parse(JSON.parse(await readFile(keysFile(root), 'utf8'))).storageKey
    } catch (error) {
      if (isMissing(error) || error instanceof SyntaxError || error instanceof z.core.$ZodError) return null
      throw error
    }
  }
  return async (): Promise<'off' | 'pending' | Credentials> => {
    const present = await storageKey()
    // A device whose keys are lost would be written to, and read nothing.
    const access = await (present === null ? platform.newDevice() : platform.matrix())
    if (access.state !== 'ready') return access.state
    const key = present ?? random(32).toString('base64')
    if (present === null) await write(keysFile(root), `${JSON.stringify({ storageKey: key })}\n`)
    const { homeserverUrl, serverName, person, ai } = access
    return {
      ...{ homeserverUrl, serverName, storageKey: key, folder: storesFolder(root) },
      accounts: { person, ai },
    }
  }
}
