/** How a home lies in the folder of its instance: as a folder, or as a file that holds a file system. */
import type { HomeOwner, HomeStorage, HomeStore } from '../../ports/home-store.ts'

/** A home whose files can be reached until `close`. */
export interface OpenHome {
  /** What holds `HOME_FOLDER`: a folder within the instance's, by its path from there; empty: that itself. */
  within: string
  close(): Promise<void>
}

/**
 * Whatever its form, a home is one entry of a folder, called `HOME_FOLDER`, and is moved by a rename. Paths are absolute;
 * `folder` is an instance's. What is asked of homes that are missing says so where it may be.
 */
export interface HomeForm extends Pick<HomeStore, 'name' | 'enforces' | 'check'> {
  /** Where the files of the folder's home are once it is attached. */
  filesIn(folder: string): string
  /** Makes an empty one where there is none. */
  make(folder: string): Promise<void>
  attach(folder: string, storage?: HomeStorage): Promise<void>
  /** Of a missing home, too. A move of the home wants it first. */
  detach(folder: string): Promise<void>
  /** The folders, right in this one, whose homes want `detach`. */
  attachedIn(instancesDir: string): Promise<string[]>
  /** To be read, whether or not it is attached. */
  open(folder: string): Promise<OpenHome>
  /** Makes `staging`, within the folder: what its owner unpacks there is a home in `staging` after `close`. */
  stage(folder: string, staging: string, owner: HomeOwner): Promise<OpenHome>
  /** Who owns its files; `null`: there is none. */
  ownerIn(folder: string): Promise<HomeOwner | null>
  /** Whether there was none, or an empty one, which is gone then. */
  dropEmpty(folder: string): Promise<boolean>
  /** Bytes on disk; `null`: there is none. */
  measure(folder: string): Promise<number | null>
  /** Share of its limits, in bytes or in files, that is used while it is attached; `null`: it has none, or is not. */
  fill(folder: string): Promise<number | null>
  /** What is at this path, or below, can be deleted. Missing is fine. */
  release(path: string): Promise<void>
}
