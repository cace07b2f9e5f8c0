/** `RUN_DIR/platform.json`: what runs here, for the demo, the benchmarks and the next start. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { aiProviderSchema } from '@matrixos/shared'
import { z } from 'zod'

const platformSchema = z.object({
  /** The supervisor's process id. */
  pid: z.number().int(),
  publicUrl: z.url(),
  instanceDomain: z.string(),
  runtime: z.enum(['process', 'docker']),
  edge: z.enum(['embedded', 'caddy']),
  database: z.enum(['pglite', 'postgres']),
  dataDir: z.string(),
  runDir: z.string(),
  startedAt: z.iso.datetime(),
  /** Of the AI proxy, as instances reach it; a platform from before it has none. */
  aiProxyUrl: z.url().optional(),
  /** Whose key the platform has; none: the demonstration model answers. */
  aiProviders: z.array(aiProviderSchema).default([]),
  /** Process ids by part. */
  parts: z.record(z.string(), z.number().int()),
})
export type Platform = z.infer<typeof platformSchema>

const pathIn = (runDir: string) => join(runDir, 'platform.json')

/** `null` when nothing was written there, or nothing that can be read. */
export function readPlatform(runDir: string): Platform | null {
  try {
    return platformSchema.parse(JSON.parse(readFileSync(pathIn(runDir), 'utf8')))
  } catch {
    return null
  }
}

/** Whole or not at all: readers never see half a file. */
export function writePlatform(platform: Platform): void {
  const path = pathIn(platform.runDir)
  writeFileSync(`${path}.new`, `${JSON.stringify(platform, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${path}.new`, path)
}

export const removePlatform = (runDir: string): void => rmSync(pathIn(runDir), { force: true })
