/**
 * Homes that are packed away, a part of the home-store port: one file takes a home's place, and little of the disk. Only
 * while nothing can write to the home. Both verbs may be repeated, and a kill at any point leaves the home, the whole
 * file, or both, and then the home is what counts. Links in homes are never followed.
 */
import type { HomeRef } from './home-store.ts'

export interface PackOptions {
  /** Of the archive, which is an export like any other. */
  manifest: string
  /** Ends it early: the home stays as it is. */
  signal: AbortSignal
  /** Asked when all is packed, and again right before the home goes. Rejects if it must not any more. */
  confirm: () => Promise<void>
}

export interface PackedHomes {
  /** Every file is in it, or it throws. Does nothing where there is no home, or it is packed. */
  pack(home: HomeRef, options: PackOptions): Promise<void>
  /** Does nothing where none is packed. Throws AppError (`conflict`, `internal`) whose message is for the owner. */
  unpack(home: HomeRef): Promise<void>
  /** Bytes of the file; `null`: none is packed. */
  sizeOf(home: HomeRef): Promise<number | null>
}
