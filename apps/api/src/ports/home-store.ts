/** The home-store port: where the files of instances live. Every verb may be repeated. */
import type { InstanceId } from '@matrixos/shared'
import type { HomeTransfer } from './home-transfer.ts'
import type { PackedHomes } from './packed-homes.ts'

/** Whose home. The handle names it, the id proves that it is no earlier owner's of that handle. */
export interface HomeRef {
  id: InstanceId
  handle: string
}

export interface HomeOwner {
  uid: number
  gid: number
}

/** What a home may hold. */
export interface HomeStorage {
  diskBytes: number
  /** Files and folders. */
  inodes: number
}

export interface HomeSpace {
  freeBytes: number
  totalBytes: number
  /** Files and folders that can still be made; `null`: the file system does not count them. */
  freeInodes: number | null
}

export interface CopyOptions {
  /** As much as is copied at most. */
  mostBytes: number
  /** What the copy may hold. */
  storage?: HomeStorage
  /** Ends it early. */
  signal: AbortSignal
}

/**
 * Every verb throws AppError only: `conflict` (the home is another instance's, or is missing where it must be there),
 * `internal` (the store could not do it; the cause is for the operator, the message names no path of the server).
 */
export interface HomeStore {
  readonly name: 'local' | 'loop'
  /** Which limits stop whoever writes to a home; the others are only measured. */
  readonly enforces: { readonly disk: boolean; readonly inodes: boolean }
  /** Whether homes can be kept in this way here. Throws an Error that names the fix, for the operator. */
  check(): Promise<void>
  /** Where the files of an attached home are on the host that runs the instance. Asks nothing. */
  pathOf(home: HomeRef): string
  /** Makes an empty home, or leaves the one that is there as it is; attached in either case. */
  make(home: HomeRef): Promise<void>
  /**
   * Puts its files where `pathOf` says, before whatever runs with them starts, or while that runs: then it may have become
   * larger. A home never becomes smaller. Without `storage` it stays as large as it was.
   */
  attach(home: HomeRef, storage?: HomeStorage): Promise<void>
  /** Nothing runs with it any more: what the host needed to show its files is given back. Missing is fine. */
  detach(home: HomeRef): Promise<void>
  /** Homes for which the host holds something that `detach` gives back. */
  attached(): Promise<HomeRef[]>
  /** Gives all of a home to a user of the host; does nothing where that is not possible, or is already so. */
  give(home: HomeRef, owner: HomeOwner): Promise<void>
  /** No setuid file and no device node stays in a home that a program with root had, and has left. Missing is fine. */
  disarm(home: HomeRef): Promise<void>
  /** Bytes that it takes on disk; `null` when this instance has no home. */
  measure(home: HomeRef): Promise<number | null>
  /** Share of its limits, in bytes or in files, that it has used, 0 to 1; `null`: the store has none, or cannot tell now. */
  fill(home: HomeRef): Promise<number | null>
  /** What is left where homes are, for a user without privileges, and all there is. */
  space(): Promise<HomeSpace>
  /** Which instance's home stands in the place of this one's; `null`: none. */
  ownerOf(home: HomeRef): Promise<string | null>
  /**
   * Makes the home `to` with what the home `from` holds now, read as its own user; what changes meanwhile is in it or is not.
   * Throws `conflict` where there is no home to copy, or `to` is there. Whoever asks removes `to`, also what a failure left of it.
   */
  copy(from: HomeRef, to: HomeRef, options: CopyOptions): Promise<void>
  /** Moves the home out of the way, to where only the operator finds it. A home of another instance is left alone. */
  setAside(home: HomeRef): Promise<void>
  /** Homes as archives. Throws what the store could not do as it is: whoever asks says it to people. */
  readonly transfer: HomeTransfer
  /** Homes of instances that nobody has used for long. */
  readonly packed: PackedHomes
  /** The data is gone, and the handle free for another instance. A home of another instance is left alone. */
  remove(home: HomeRef): Promise<void>
}
