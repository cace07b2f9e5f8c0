/** Which driver stands behind each port: with `open-database.ts`, the one place where the environment chooses. */

import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createLocalExportFiles } from './drivers/export-files/local/index.ts'
import { createLocalHomes } from './drivers/home-store/local/index.ts'
import { createImageForm } from './drivers/home-store/loop/image-form.ts'
import { createMatrixHomeserver } from './drivers/homeserver/matrix/index.ts'
import { createProcMemory, unknownMemory } from './drivers/host-memory/proc.ts'
import { createSmtpMailer } from './drivers/mailer/smtp/index.ts'
import { createDockerRuntime } from './drivers/runtime/docker/index.ts'
import { hostShell } from './drivers/runtime/process/host-shell.ts'
import { createProcessRuntime } from './drivers/runtime/process/index.ts'
import type { Env } from './env.ts'
import { deriveKey } from './keys.ts'
import { openingsOf } from './openings.ts'
import type { ExportFiles } from './ports/export-files.ts'
import type { HomeStore } from './ports/home-store.ts'
import type { Homeserver } from './ports/homeserver.ts'
import type { HostMemory } from './ports/host-memory.ts'
import type { Mailer } from './ports/mailer.ts'
import type { Runtime } from './ports/runtime.ts'

/** The reference instance: its bundle where it was built, else its source. */
const INSTANCE_ENTRIES = ['../../instance/dist/server.mjs', '../../instance/src/main.ts'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
)

/** The engine's machine is this one where its socket is a file. */
export function createHostMemory({ RUNTIME, DOCKER_HOST = '/' }: Env): HostMemory {
  const isHere = RUNTIME === 'process' || /^(unix:\/\/)?\//.test(DOCKER_HOST)
  return isHere ? createProcMemory() : unknownMemory('the container engine is on another machine')
}

export function createHomeStore(env: Env): HomeStore {
  const instancesDir = join(env.DATA_DIR, 'instances')
  if (env.HOME_STORE === 'local') return createLocalHomes({ instancesDir })
  const storage = { diskBytes: env.INSTANCE_DISK_BYTES, inodes: env.INSTANCE_INODES }
  return createLocalHomes({ instancesDir, form: createImageForm({ storage }) })
}

export const createExportFiles = (env: Env): ExportFiles =>
  createLocalExportFiles({ folder: join(env.DATA_DIR, 'exports') })

export function createRuntime(env: Env, homes: HomeStore): Runtime {
  const stateDir = join(env.DATA_DIR, 'runtime')
  if (env.RUNTIME === 'process') {
    const shell = env.ALLOW_HOST_SHELL === '1' ? hostShell() : undefined
    return createProcessRuntime({ stateDir, entries: INSTANCE_ENTRIES, shell })
  }
  return createDockerRuntime({
    stateDir,
    homes,
    platformId: deriveKey(env.PLATFORM_SECRET, 'platform-id').slice(0, 12),
    host: env.DOCKER_HOST,
    networkName: env.DOCKER_NETWORK,
    subnet: env.DOCKER_SUBNET,
    containerPrefix: env.DOCKER_CONTAINER_PREFIX,
    firewall: { mode: env.INSTANCE_FIREWALL, openings: openingsOf(env) },
  })
}

/** `null`: nobody named one. */
export function createHomeserver(env: Env): Homeserver | null {
  const { HOMESERVER_URL: url, HOMESERVER_NAME: serverName, HOMESERVER_AS_TOKEN: asToken } = env
  if (url === undefined || serverName === undefined || asToken === undefined) return null
  return createMatrixHomeserver({ url, serverName, asToken })
}

/** `null`: nobody said where mail is to be handed in. */
export function createMailer({ SMTP_URL: url, MAIL_FROM, PUBLIC_URL }: Env): Mailer | null {
  if (url === undefined) return null
  return createSmtpMailer({ url, from: MAIL_FROM ?? `Matrix OS <no-reply@${new URL(PUBLIC_URL).hostname}>` })
}
