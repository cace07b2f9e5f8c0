/** What the process driver is told. */
export interface ProcessRuntimeOptions {
  /** Where it keeps its notes and the instances' output: its own, and nobody else's. */
  stateDir: string
  /** The instance's program, in order of preference: the first file that exists is run. */
  entries: readonly string[]
  /** Node binary. Default: the one that runs the api. */
  execPath?: string | undefined
  /** PATH of the instances. Default: the usual system folders. */
  path?: string | undefined
  /** Absolute path of the shell that terminals get: they may do whatever the api's user may. Default: none. */
  shell?: string | undefined
  timing?: Partial<ProcessTiming> | undefined
}

export interface ProcessTiming {
  /** Between two looks at processes that are not our own children, ms. */
  watchMs: number
  /** How long a start waits for the port to open before it returns anyway, ms. */
  settleMs: number
}

export interface ProcessSettings extends ProcessTiming {
  stateDir: string
  entries: readonly string[]
  execPath: string
  path: string
  shell: string | undefined
  /** A log beyond this is rotated; one older file is kept. */
  logLimitBytes: number
}

export const processSettings = (options: ProcessRuntimeOptions): ProcessSettings => ({
  stateDir: options.stateDir,
  entries: options.entries,
  execPath: options.execPath ?? process.execPath,
  path: options.path ?? '/usr/local/bin:/usr/bin:/bin',
  shell: options.shell,
  watchMs: 500,
  settleMs: 1_000,
  logLimitBytes: 1024 * 1024,
  ...options.timing,
})
