/**
 * Work on whole trees of files, by the system's own tools in a child process: they go from folder to folder by handles,
 * so paths may be of any length, links are not followed, and neither memory nor time is the api's.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** Of what a tool complains about: one line a file, and there may be a million of them. */
const LONGEST_COMPLAINT = 2_000

/** Nobody waits for these; at 19 a busy machine would hardly ever get to them. Disk access is rated by the same number. */
const LOW_PRIORITY = ['nice', '-n', '10']

interface Ended {
  /** Exit code, or the signal that ended it. */
  code: number | NodeJS.Signals | null
  output: string
  /** The beginning of what it complained about. */
  complaint: string
}

const running = new Map<string, Promise<Ended>>()

/**
 * Joins the same work where it is still going on: a caller whose deadline passed comes again, and a huge home would
 * gather one child more each time.
 */
function runTool(command: readonly string[]): Promise<Ended> {
  const key = command.join('\0')
  const work = running.get(key) ?? runAnew(command).finally(() => running.delete(key))
  running.set(key, work)
  return work
}

async function runAnew(command: readonly string[]): Promise<Ended> {
  const [program = '', ...args] = command
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    // `find` refuses to work with a PATH that names the current folder.
    env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' },
  })
  let output = ''
  let complaint = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (complaint.length < LONGEST_COMPLAINT) complaint += text.slice(0, LONGEST_COMPLAINT)
  })
  const code = await new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode, signal) => resolve(exitCode ?? signal))
  })
  return { code, output, complaint: complaint.trim() }
}

/** Throws an Error with the beginning of what the tool printed. */
async function run(command: readonly string[]): Promise<void> {
  const { code, complaint } = await runTool(command)
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${complaint}`)
}

/** Deletes the tree, but nothing of another file system that is mounted in it. Missing is fine. */
export async function deleteTree(path: string): Promise<void> {
  const sameDevice = process.platform === 'linux' ? '--one-file-system' : '-x'
  const remove = [...LOW_PRIORITY, 'rm', '-rf', sameDevice, '--', path]
  await run(remove).catch(async () => {
    // An owner who is not root may have locked folders of their own against themselves.
    const locked = ['-xdev', '-type', 'd', '!', '-perm', '-700']
    const unlock = ['-execdir', 'chmod', 'u+rwx', '{}', ';']
    await run([...LOW_PRIORITY, 'find', path, ...locked, ...unlock]).catch(() => undefined)
    await run(remove)
  })
}

/** Gives the tree to a user, its root last: a walk that was interrupted leaves the root with its old owner. */
export const giveTree = (path: string, { uid, gid }: { uid: number; gid: number }): Promise<void> =>
  run(['chown', '-R', '-h', '--', `${uid}:${gid}`, path])

/** Takes the setuid and setgid bits from the tree's files, and deletes its device nodes. */
export const disarmTree = (path: string): Promise<void> =>
  run([
    ...[...LOW_PRIORITY, 'find', path, '-xdev'],
    ...[
      '-type',
      'f',
      '(',
      '-perm',
      '-4000',
      '-o',
      '-perm',
      '-2000',
      ')',
      '-execdir',
      'chmod',
      'ug-s',
      '{}',
      '+',
    ],
    ...['-o', '(', '-type', 'b', '-o', '-type', 'c', ')', '-execdir', 'rm', '-f', '{}', '+'],
  ])

/** Of files that an instance deletes while they are counted. */
const VANISHED = /: No such file or directory$/

/** Bytes that the tree takes on its disk, without other file systems mounted in it; `null` where there is none. */
export async function measureTree(path: string): Promise<number | null> {
  const command = [...LOW_PRIORITY, 'du', '-s', '-k', '-x', '--', path]
  const { code, output, complaint } = await runTool(command)
  const lines = complaint.split('\n')
  // The last one may be cut off.
  const whole = complaint.length < LONGEST_COMPLAINT - 1 ? lines : lines.slice(0, -1)
  if (code !== 0 && !whole.every((line) => VANISHED.test(line)))
    throw new Error(`${command.join(' ')} ended with ${code}: ${complaint}`)
  const kib = /^(\d+)\s/.exec(output)?.[1]
  return kib === undefined ? null : Number(kib) * 1024
}

/** Of one path, as the kernel takes it at once; what is longer can be reached step by step alone. */
const LONGEST_PATH = 4_096
const LONGEST_NAME = 255

/**
 * Whether a path within `parent`, from there on, may be too long to be named as a whole: tar packs such a file, and no tar
 * of GNU can unpack it.
 */
export async function isTooDeep(parent: string, name: string): Promise<boolean> {
  const most = LONGEST_PATH - LONGEST_NAME - 2
  const longer = `${'?'.repeat(Buffer.byteLength(parent) + most)}*`
  const command = ['find', join(parent, name), '-xdev', '-type', 'd', '-path', longer, '-print', '-quit']
  const { code, output, complaint } = await runTool([...LOW_PRIORITY, ...command])
  if (code !== 0) throw new Error(`find ended with ${code}: ${complaint}`)
  return output !== ''
}
