/** The environment of a shell: made from scratch, so that nothing of the instance's own, its token above all, is in it. */
import { dirname } from 'node:path'

const SYSTEM_PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']

/** What the image or the platform says to the owner's programs, and is passed on: how to reach AI, and tools' settings. */
const PASSED_ON =
  /^((ANTHROPIC|OPENAI)_(BASE_URL|API_KEY)|TZ|LANG|LC_[A-Z]+|NPM_CONFIG_[A-Z_]+|PIP_[A-Z_]+|GIT_[A-Z_]+|EDITOR|PAGER|ENV|PATH)$/

export const passedOn = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value && PASSED_ON.test(name) ? [[name, value]] : [])),
  )

export interface ShellOwner {
  handle: string
  home: string
  shell: string
  /** See `passedOn`. */
  given: Record<string, string>
}

export function shellEnvironment({ handle, home, shell, given }: ShellOwner): Record<string, string> {
  const own = [`${home}/.local/bin`, `${home}/.npm-global/bin`]
  const path = [...own, ...(given.PATH?.split(':') ?? []), ...SYSTEM_PATH]
  return {
    LANG: 'C.UTF-8',
    // The system's own folders cannot be written to: what people install lives in their home.
    NPM_CONFIG_PREFIX: dirname(own[1] ?? home),
    ...given,
    PATH: [...new Set(path)].filter((folder) => folder.startsWith('/')).join(':'),
    HOME: home,
    SHELL: shell,
    USER: handle,
    LOGNAME: handle,
    TERM: 'xterm-256color',
    COLORTERM: 'truecolor',
  }
}
