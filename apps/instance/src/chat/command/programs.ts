/** What is known of programs: those that only look, and what others do. All that is not named here can do anything. */
import type { Risk } from '../log/entry.ts'

const words = (text: string) => new Set(text.trim().split(/\s+/))

/** They read and print, and change nothing, whatever they are given; but for the options below. */
const LOOKS = words(`
  ls cat head tail wc grep egrep fgrep rg sort uniq cut tr diff cmp comm file stat du df pwd date echo printf basename
  dirname realpath readlink which whoami id uname hostname nproc free uptime tree nl od xxd md5sum sha1sum sha256sum
  column true false test [ seq sleep ps jq cd find
`)
/** They make something where nothing is. */
const MAKES = words('mkdir touch')
const DELETES = words(`
  rm rmdir unlink shred truncate dd mv cp rename tee install ln patch unzip tar gunzip gzip xz bzip2 7z
`)
const NETWORK = words(`
  curl wget ssh scp sftp rsync nc ncat netcat telnet ftp ping dig nslookup host traceroute npm npx pnpm yarn bun deno pip
  pip3 pipx uv poetry apt apt-get gem bundle cargo go composer docker podman gh aws gcloud az kubectl brew
`)
const LEAVES = words('sudo su doas mount umount chroot nsenter unshare')
/** They run what follows. */
export const WRAPPERS = words(
  'xargs env time nohup timeout nice ionice stdbuf command builtin exec setsid watch',
)

/** Options of programs that look, with which they do more. */
const BUT: Record<string, RegExp> = {
  find: /^-(delete|exec|execdir|ok|okdir|fprint.*|fls)$/,
  // Long ones can be cut short.
  sort: /^(-(?!-).*o.*|--o.*|--co.*)$/,
  tree: /^(-(?!-).*[oR].*|--output.*)$/,
  rg: /^--(pre|hostname-bin)(=.*)?$/,
  date: /^(-s.*|--set.*)$/,
  hostname: /^[^-].*$|^-[Fb].*$/,
  file: /^(-[a-zA-Z]*C.*|--c.*)$/,
  // The name of a variable may hold a command.
  test: /^-v$/,
  '[': /^-v$/,
  printf: /^-v/,
  xxd: /^-[a-zA-Z]*r.*$/,
}
/**
 * Those that show what programs have in their environment, with such an argument: tokens are there. A program of jq may
 * come from a file, and read others; what `ps` does not know after a dash, it reads as if there were none.
 */
const SHOWS: Record<string, RegExp> = {
  jq: /env|import|include|^-(?!-).*[fL]|^--(from-file|library-path)/i,
  ps: /environ|^[a-zA-Z\d]*e|^-(?![AadefFjlLHwyo]+$)[a-zA-Z]*e/,
}
/** Of those that show what is in files, the options that name a list of them. */
const READS_LIST: Record<string, RegExp> = { sort: /^--fi/ }
/** Of those that read whole folders, the options with which they go through links. */
const FOLLOWS: Record<string, RegExp> = {
  grep: /^(-(?!-).*R.*|--d.*)$/,
  rg: /^(-(?!-).*L.*|--follow)$/,
  diff: /^(-(?!-).*r.*|--r.*)$/,
}
/** Those that run what they are told to, with such an option. */
const BUT_RUNS = words('find rg test [ printf')
/** Of those that take a second file, and write to it. */
const MOST_FILES: Record<string, number> = { uniq: 1, xxd: 1 }

const GIT_LOOKS = words('status log diff show rev-parse ls-files blame shortlog describe')
const GIT_NETWORK = words('push pull fetch clone ls-remote submodule remote')
const GIT_DELETES = words('clean reset checkout restore rm mv stash rebase gc prune switch revert branch tag')

/** What a program may do with these arguments, by its name; paths are looked at elsewhere. */
export function risksOf(program: string, args: readonly string[]): Risk[] {
  if (args.length === 1 && tellsVersion(program, args[0] ?? '')) return []
  if (program === 'git') return gitRisks(args)
  if (LEAVES.has(program)) return ['leaves']
  if (DELETES.has(program)) return ['deletes']
  if (NETWORK.has(program)) return ['network', 'runs']
  if (MAKES.has(program)) return []
  if (!LOOKS.has(program)) return ['runs']
  if (args.some((arg) => SHOWS[program]?.test(arg))) return ['secrets']
  if (args.some((arg) => READS_LIST[program]?.test(arg))) return ['leaves', 'secrets']
  const follows = FOLLOWS[program.replace(/^[ef](?=grep$)/, '')]
  if (follows && args.some((arg) => follows.test(arg))) return ['leaves']
  const but = BUT[program]
  if (but && args.some((arg) => but.test(arg)))
    return BUT_RUNS.has(program) ? ['deletes', 'runs'] : ['deletes']
  const plain = args.indexOf('--')
  // What stands in for its input is one, too.
  const files = args.filter((arg, at) => arg === '-' || !arg.startsWith('-') || (plain >= 0 && at > plain))
  return files.length > (MOST_FILES[program] ?? Number.POSITIVE_INFINITY) ? ['deletes'] : []
}

/** Whether it makes something, or changes what is there. */
export const writes = (program: string, args: readonly string[]): boolean =>
  MAKES.has(program) || risksOf(program, args).includes('deletes')

/** Of those that read folders with all that is in them: options that make them, and those that nothing follows. */
const READS_FOLDERS: Record<string, { with: RegExp | null; alone: RegExp }> = {
  grep: {
    with: /^(-(?!-).*[rRd].*|--r.*|--d.*)$/,
    alone: /^-[abcEFGHhIiLlnoPqRrsTUuVvwxyZz]+$/,
  },
  rg: { with: null, alone: /^-[abcFHIiLlNnoPpqSsUuVvwxz0.]+$/ },
  diff: { with: /^(-(?!-).*r.*|--r.*)$/, alone: /^$/ },
}

/** Which folders it reads with all that is in them; `null`: none. */
export function readsFolders(program: string, args: readonly string[]): readonly string[] | null {
  const name = program.replace(/^[ef](?=grep$)/, '')
  const how = Object.hasOwn(READS_FOLDERS, name) ? READS_FOLDERS[name] : undefined
  if (!how || (how.with && !args.some((arg) => how.with?.test(arg)))) return null
  const files = args.filter((arg) => !arg.startsWith('-'))
  // What is looked for comes first, and nothing else means here.
  const isCertain = args.every((arg) => !arg.startsWith('-') || how.alone.test(arg))
  return isCertain && files.length > 1 ? files.slice(1) : [...files, '.']
}

/** Files of any names may follow: one of them could be read as an option, or as the file to write to. */
export const minds = (program: string): boolean =>
  program === 'git' || Object.hasOwn(BUT, program) || Object.hasOwn(MOST_FILES, program)

/** To say its version is harmless, but only of programs that do: `bash -v` reads commands, `python3 version` runs a file. */
const TELL_VERSION = words(
  'node npm npx python python3 pip pip3 git bash gcc g++ make curl jq rg ruby go cargo deno bun',
)
const SHORT_VERSION = new Map([
  ['-v', words('node npm npx gcc g++ make ruby bun')],
  ['-V', words('python python3 pip pip3 curl jq rg cargo deno')],
  ['version', words('git npm go cargo')],
])
const tellsVersion = (program: string, arg: string): boolean =>
  arg === '--version' ? TELL_VERSION.has(program) : (SHORT_VERSION.get(arg)?.has(program) ?? false)

function gitRisks(args: readonly string[]): Risk[] {
  const [verb = '', ...rest] = args
  if (verb.startsWith('-')) return ['runs']
  if (GIT_LOOKS.has(verb)) return rest.some((arg) => /^--(ou|ext|textc)/.test(arg)) ? ['runs'] : []
  if (GIT_NETWORK.has(verb)) return ['network']
  return GIT_DELETES.has(verb) ? ['deletes'] : ['runs']
}
