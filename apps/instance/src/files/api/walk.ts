/**
 * Everything below a folder. No link is followed, not even one that takes a folder's place during the walk: each folder
 * is opened, and asked where it is, before it is read. A walk holds one folder open, however deep the tree.
 */
import { readdir } from 'node:fs/promises'
import { codeOf, RequestProblem } from '../../http/problem.ts'
import { join } from './listing.ts'
import { nameOf } from './names.ts'
import type { Entry } from './protocol.ts'
import type { Pin, Tree } from './tree.ts'

export interface Step {
  /** The folder that it lies in, open until the next step. */
  folder: Pin
  name: string
  /** Below the home. */
  path: string
  kind: Entry['kind']
}

/** A folder comes before what is in it. `onSkipped`: a folder that cannot be read, or whose path is too long. */
export async function* walk(
  tree: Tree,
  from: string,
  onSkipped: (path: string) => void = () => undefined,
): AsyncGenerator<Step> {
  const pending = [from]
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    try {
      for await (const step of folderSteps(tree, path)) {
        yield step
        if (step.kind === 'folder') pending.push(step.path)
      }
    } catch (error) {
      if (!isPassedOver(error)) throw error
      onSkipped(path)
    }
  }
}

async function* folderSteps(tree: Tree, path: string): AsyncGenerator<Step> {
  await using folder = await tree.pinExactly(path)
  for (const entry of await readdir(folder.self, { encoding: 'buffer', withFileTypes: true })) {
    const name = nameOf(entry.name)
    const own = join(folder.path, name)
    if (tree.hides(own)) continue
    const kind = entry.isDirectory()
      ? 'folder'
      : entry.isFile()
        ? 'file'
        : entry.isSymbolicLink()
          ? 'link'
          : 'other'
    yield { folder, name, path: own, kind }
  }
}

const PASSED_OVER = ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ENAMETOOLONG', 'ELOOP']

const isPassedOver = (error: unknown): boolean =>
  error instanceof RequestProblem || PASSED_OVER.includes(codeOf(error))
