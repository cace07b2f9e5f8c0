/** The port for exports that wait for their download. One instance has one at most, and nobody but its owner gets it. */
import type { InstanceId } from '@matrixos/shared'
import type { Bytes } from './home-transfer.ts'

/** Which file: an id says which export of the instance it is. */
export interface ExportRef {
  instanceId: InstanceId
  exportId: string
}

export interface ExportFiles {
  /** The whole file or none, whatever is killed; what was there before is replaced. Resolves with its size in bytes. */
  write(file: ExportRef, bytes: Bytes, signal: AbortSignal): Promise<number>
  /** Bytes of the whole file; `null`: it is not there. */
  sizeOf(file: ExportRef): Promise<number | null>
  /** From `offset` on. Fails at its first read where the file is gone. */
  read(file: ExportRef, offset: number): Bytes
  /** Half-made files of it go as well. */
  remove(file: ExportRef): Promise<void>
  /** Those of which there is anything. */
  all(): Promise<ExportRef[]>
  /** Bytes that are left. */
  freeBytes(): Promise<number>
}
