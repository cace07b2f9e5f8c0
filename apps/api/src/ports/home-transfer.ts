/**
 * Homes as archives, a part of the home-store port. Archives are plain tar streams with a manifest and the home in it;
 * who packs and unpacks them sees to their compression. Links in homes and in archives are never followed.
 */
import type { HomeRef } from './home-store.ts'

export type Bytes = AsyncIterable<Uint8Array>

export interface HomeTransfer {
  /**
   * The home as it is now, read as its own user with little memory; `signal` ends it early. The stream fails where the
   * home cannot be read as a whole.
   */
  pack(home: HomeRef, manifest: string, signal: AbortSignal): Promise<Bytes>

  /** Begins to take an archive in, in place of an upload that was begun before. Nobody but the store sees it. */
  beginUpload(home: HomeRef, uploadId: string): Promise<void>
  /** Bytes that are there; `null`: no such upload. */
  uploaded(home: HomeRef, uploadId: string): Promise<number | null>
  /** Adds bytes where the upload has exactly `offset` of them. Answers how many are there then. */
  append(home: HomeRef, uploadId: string, offset: number, bytes: Uint8Array): Promise<number | null>
  readUpload(home: HomeRef, uploadId: string): Bytes
  dropUpload(home: HomeRef, uploadId: string): Promise<void>

  /**
   * Unpacks beside the home that is in use. Only a whole archive with a home in it becomes the next home, with its
   * manifest as the answer; of any other, and where `check` throws for its manifest, nothing is left. An earlier home
   * that is still kept is deleted then. `uploadId`: of the upload that the archive is.
   */
  stage<T>(home: HomeRef, archive: Bytes, check: (manifest: string) => T, uploadId: string): Promise<T>
  /**
   * The manifest of this upload if it was unpacked as a whole, whatever was killed after that: the next home is there, or
   * was adopted. What was left to do for that is done. `null`: it is to be staged anew.
   */
  staged(home: HomeRef, uploadId: string): Promise<string | null>
  /** Whether a home waits to be adopted. */
  hasNext(home: HomeRef): Promise<boolean>
  /** The next home takes the place of the present one, which is kept. Only while the instance does not run. */
  adopt(home: HomeRef, now: Date): Promise<void>

  /** Since when an earlier home has been kept; `null`: there is none. */
  earlierSince(home: HomeRef): Promise<Date | null>
  /** The earlier home becomes the next one. `false`: there is none. */
  takeBack(home: HomeRef): Promise<boolean>
  /** Deletes earlier homes that have been kept since before `before`. */
  dropEarlier(home: HomeRef, before: Date): Promise<void>
  /**
   * Deletes uploads that nobody has gone on with since `before`, and what a kill left of packing and unpacking. What is
   * opened to be read shows that it is every minute: whose reader was not seen since `seenBefore` is closed.
   */
  dropLeftovers(home: HomeRef, before: Date, seenBefore: Date): Promise<void>
}
