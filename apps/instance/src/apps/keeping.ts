/** What is done with apps as a whole: they are listed, begun, renamed, removed, and let use the AI or not. */
import { lstat, mkdir, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { APP_NAME_RULE, APPS_FOLDER, isAppName } from '@matrixos/shared'
import type { Gate } from '../files/api/gate.ts'
import { placeNew, syncFolder } from '../files/api/place.ts'
import type { Trash } from '../files/api/trash.ts'
import type { Tree } from '../files/api/tree.ts'
import { codeOf, exists, RequestProblem } from '../http/problem.ts'
import { createApp, nameFor } from './create.ts'
import { type EntryOptions, entryOf } from './entries.ts'
import { type App, folderOf, listApps, readApp } from './folder.ts'
import { helloApp } from './hello.ts'
import type { AppEntry } from './protocol.ts'

export interface KeepingOptions extends EntryOptions {
  root: string
  home: Tree
  trash: Trash
  oneAtATime: Gate
  /** Below the home: what is kept of an app besides its folder. */
  stateOf: (app: string) => string
  /** Of a server that ran before this computer slept, too. */
  logOf: (app: string) => Promise<string>
  onChange: () => void
}

export interface Keeping {
  list(isOwner: boolean): Promise<AppEntry[]>
  read(name: string): Promise<App | null>
  /** Resolves to the name of its folder. */
  begin(title: string): Promise<string>
  rename(name: string, to: string): Promise<void>
  /** Resolves to what it is called in the trash. */
  remove(name: string): Promise<string>
  logOf(name: string): Promise<string>
  stop(name: string): Promise<void>
  decide(name: string, isAllowed: boolean, limitNano?: bigint): Promise<void>
}

export function createKeeping(options: KeepingOptions): Keeping {
  const { root, home, trash, oneAtATime, stateOf, books, consent, servers, logOf, onChange } = options
  const missing = () => new RequestProblem(404, 'There is no such app.')
  const existing = async (name: string) => {
    if (!(await readApp(home, root, name))) throw missing()
  }
  return {
    async list(isOwner) {
      const apps = await listApps(home, root)
      return Promise.all(apps.map((app) => entryOf(app, options, isOwner)))
    },
    read: (name) => readApp(home, root, name),
    async begin(title) {
      const taken = (await listApps(home, root)).map(({ name }) => name)
      const name = nameFor(title, (one) => taken.includes(one))
      await createApp(home, helloApp(name, title), oneAtATime)
      return name
    },
    async rename(name, to) {
      if (!isAppName(to)) throw new RequestProblem(400, `An app’s name has ${APP_NAME_RULE}.`)
      await existing(name)
      await servers()?.stop(name)
      await oneAtATime(() => moveFolder(home, name, to))
      await moveState(root, stateOf(name), stateOf(to))
      await books.rename(name, to)
      onChange()
    },
    async remove(name) {
      const listed = (await listApps(home, root)).some((app) => app.name === name)
      if (!listed) throw missing()
      await servers()?.stop(name)
      const state = stateOf(name)
      const hasState = isAppName(name) && (await isThere(`${root}/${state}`))
      const id = await trash.put([folderOf(name), ...(hasState ? [state] : [])])
      await books.forget(name)
      onChange()
      return id
    },
    logOf,
    async stop(name) {
      await servers()?.stop(name)
    },
    async decide(name, isAllowed, limitNano) {
      await existing(name)
      await consent.decide(name, isAllowed, limitNano)
    },
  }
}

async function moveFolder(home: Tree, name: string, to: string): Promise<void> {
  await using apps = await home.pinExactly(APPS_FOLDER)
  await placeNew(apps.at(name), apps.at(to)).catch((error) => {
    throw codeOf(error) === 'EEXIST' ? exists(to) : error
  })
  await syncFolder(apps)
}

/** It has none before something was kept. What an app of that name left before is not this one's. */
async function moveState(root: string, from: string, to: string): Promise<void> {
  if (!(await isThere(`${root}/${from}`))) return
  await mkdir(dirname(`${root}/${to}`), { recursive: true, mode: 0o700 })
  await rename(`${root}/${from}`, `${root}/${to}`).catch((error) => {
    if (!['ENOTEMPTY', 'EEXIST'].includes(codeOf(error))) throw error
  })
}

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  )
