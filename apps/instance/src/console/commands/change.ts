/** Commands that change files: mkdir, touch, write, echo, mv, cp, rm. */
import * as fs from 'node:fs/promises'
import { basename, posix } from 'node:path'
import { show } from '../../files/home.ts'
import { PlainError } from '../../files/plain-words.ts'
import { type Command, need, type Surroundings } from '../command.ts'

export const mkdir: Command = {
  usage: 'mkdir [-p] FOLDER…',
  about: 'make a folder; -p makes its parents too',
  flags: 'p',
  async run(args, flags, { home, cwd }) {
    for (const name of need(args, 1, mkdir)) {
      const located = home.locate(cwd, name)
      if (flags.has('p')) await makeWithParents(located, home)
      else await fs.mkdir(await home.entry(located))
    }
    return {}
  },
}

export const touch: Command = {
  usage: 'touch FILE…',
  about: 'make an empty file, or update its time',
  async run(args, _flags, { home, cwd, now }) {
    for (const name of need(args, 1, touch)) {
      const path = await home.target(home.locate(cwd, name))
      await (await fs.open(path, 'a')).close()
      await fs.utimes(path, now(), now())
    }
    return {}
  },
}

export const write: Command = {
  usage: 'write FILE TEXT',
  about: 'write TEXT to a file, replacing what was in it',
  async run(args, _flags, at) {
    const [name = '', ...words] = need(args, 1, write)
    await at.write(await at.home.target(at.home.locate(at.cwd, name)), `${words.join(' ')}\n`)
    return {}
  },
}

export const echo: Command = {
  usage: 'echo TEXT [> FILE]',
  about: 'show TEXT; > writes it to a file, >> appends it',
  run: (args) => ({ text: args.join(' ') }),
}

export const mv: Command = {
  usage: 'mv FROM… TO',
  about: 'move or rename',
  run: (args, _flags, at) => eachPair(mv, args, at, async (from, to) => fs.rename(from, to)),
}

export const cp: Command = {
  usage: 'cp [-r] FROM… TO',
  about: 'copy; -r copies folders too',
  flags: 'r',
  run: (args, flags, at) =>
    // Links are copied as links: what they lead to may be outside.
    eachPair(cp, args, at, (from, to) =>
      fs.cp(from, to, { recursive: flags.has('r'), verbatimSymlinks: true }),
    ),
}

export const rm: Command = {
  usage: 'rm [-r] [-f] NAME…',
  about: 'delete for good; -r deletes folders too',
  flags: 'rf',
  async run(args, flags, { home, cwd }) {
    for (const name of need(args, 1, rm)) {
      const path = await home.entry(home.locate(cwd, name))
      const found = await fs.lstat(path).catch((error) => {
        if (flags.has('f') && error.code === 'ENOENT') return null
        throw Object.assign(error, { subject: name })
      })
      if (found?.isDirectory() && !flags.has('r'))
        throw new PlainError(`${name}: that is a folder; add -r to remove it`)
      if (found) await fs.rm(path, { recursive: flags.has('r') })
    }
    return {}
  },
}

/** The last argument is the goal; a folder there takes each source under its own name. */
async function eachPair(
  command: Command,
  args: string[],
  { home, cwd }: Surroundings,
  act: (from: string, to: string) => Promise<void>,
) {
  const sources = need(args, 2, command).slice(0, -1)
  const goal = home.locate(cwd, args.at(-1) ?? '')
  const intoFolder = await isFolder(home.existing(goal))
  if (sources.length > 1 && !intoFolder) throw new PlainError(`${show(goal)}: that is not a folder`)
  for (const source of sources) {
    const from = home.locate(cwd, source)
    const to = intoFolder ? posix.join(goal, basename(from)) : goal
    if (from === to) throw new PlainError(`${source}: source and destination are the same`)
    const path = await home.entry(from)
    const goalPath = await home.target(to)
    await fs
      .lstat(path)
      .then(() => act(path, goalPath))
      .catch((error) => {
        throw Object.assign(error, { subject: source })
      })
  }
  return {}
}

const isFolder = (path: Promise<string>) =>
  path.then(fs.stat).then(
    (found) => found.isDirectory(),
    (error) => {
      if (error instanceof PlainError) throw error
      return false
    },
  )

async function makeWithParents(located: string, home: Surroundings['home']): Promise<void> {
  const parts = located.split('/')
  for (let depth = 1; depth <= parts.length; depth++) {
    const path = await home.target(parts.slice(0, depth).join('/'))
    const found = await fs.stat(path).catch(() => null)
    if (found === null) await fs.mkdir(path)
    else if (!found.isDirectory()) throw new PlainError(`${show(located)}: a file is in the way`)
  }
}
