/** The runtime port: what the platform asks of whatever runs instances. Every verb may be repeated. */
import type { InstanceEnv, InstanceId, OciRuntime } from '@matrixos/shared'
import type { HomeStorage } from './home-store.ts'

/** One container of an instance. The next generation is made beside the one that serves, and takes its place. */
export interface ContainerKey {
  id: InstanceId
  /** Whole number from 1. */
  generation: number
}

export interface InstanceSpec extends ContainerKey {
  handle: string
  /** Whole number from 0, unique per living container: a driver with fixed addresses derives them from it. */
  slot: number
  /** Image reference; the process driver ignores it. */
  image: string
  /** Whole number from 1: of the token for AI calls in `env`. */
  aiTokenGeneration: number
  /** Ports in it are set by the driver: by the image's labels, or to a free loopback port. */
  env: InstanceEnv
  /** Its home, as the host that runs it sees it. It is there before the first verb, and stays when all is removed. */
  home: string
  /** What the home may hold. No driver looks at it: whoever attaches the home does. */
  storage?: HomeStorage
  limits: InstanceLimits
  /** What the driver keeps of what it prints; where nobody says, 2 MiB. The process driver has a size of its own. */
  logBytes?: number
  /** Default: the engine's own. The process driver has none. */
  ociRuntime?: OciRuntime
}

/** Ceilings of one instance. The process driver enforces none. */
export interface InstanceLimits {
  memoryBytes: number
  /** What the kernel leaves it under memory pressure, in bytes; below `memoryBytes`. */
  memoryReservationBytes: number
  /** Relative weight; 1024 is one full share. */
  cpuShares: number
  /** Microseconds of CPU time per 100,000 µs: 200,000 is two cores. */
  cpuQuotaUs: number
  pids: number
  /** To it and from it, each; absent or `null`: as much as there is. Only where the driver's `limitsBandwidth` says so. */
  bandwidthBytesPerS?: number | null
}

/** What a container has used since it was started, and what it has now. */
export interface RuntimeUsage {
  /** CPU time, over all cores. */
  cpuMs: number
  /** Without what the kernel only keeps of files. */
  memoryBytes: number
  receivedBytes: number
  sentBytes: number
}

/** As the driver returns it. Nobody else derives one: not from the slot, not from the handle. */
export interface InstanceAddress {
  host: string
  gatewayPort: number
  /** `null`: the image has one port, for everything. */
  shellPort: number | null
  /** `edge`: believes `X-Mos-User`, nobody else reaches its port. `bearer`: wants the token with every request. */
  trust: 'edge' | 'bearer'
  /** Reads `X-Mos-Role`. An image that does not would take a viewer for its owner. */
  readsRoles?: boolean
  /** Reads `X-Mos-App`. An image that does not would serve its owner's own pages at an app's host. */
  readsApps?: boolean
  /** Nobody declared the shell: where nothing listens on its port, the gateway serves everything. */
  shellIsAssumed?: boolean
}

/** What keeps an instance apart from others: a container of its own, or nothing but the platform's word. */
export type Isolation = 'container' | 'none'

/** A TCP port that instances may reach although it is this machine's, or a private network's. */
export interface Opening {
  /** IPv4 or IPv6 address. */
  host: string
  port: number
}

/** Who keeps instances from this machine, private networks and mail servers: the api, who set up the host, or nobody. */
export interface FirewallState {
  by: 'api' | 'host' | 'nobody'
  /** For the operator, where it is nobody. */
  why: string | null
}

/** What a self-test tries from inside. */
export interface SelfTestRequest {
  /** With Node in it. */
  image: string
  /** That instances need: the AI proxy. */
  services: readonly Opening[]
}

/** `unknown`: it could not be tried. */
export type WallState = 'closed' | 'open' | 'unknown'

/** What a container on the instances' network reached, or did not. */
export interface SelfTestReport {
  /** Another container. */
  neighbour: WallState
  /** A port of this machine. */
  host: WallState
  /** The range of metadata services: by the rule, since real ones are not to be asked. */
  metadata: WallState
  services: 'answer' | 'silent'
}

/** Of time: from the end of one run to the end of the next. */
export interface Span {
  after: Date
  until: Date
}

export type RuntimeStatus = 'created' | 'running' | 'paused' | 'stopped'

/** A container as it is now. */
export interface RuntimeInstance extends ContainerKey {
  handle: string
  /** `created`: made, never started. */
  status: RuntimeStatus
  isolation: Isolation
  /** Of the token for AI calls that it was last started with; `null`: it has none. */
  aiTokenGeneration: number | null
  /** Where it listens; `null` unless running or paused. */
  address: InstanceAddress | null
  /** Last start; a list of the docker driver leaves it `null` (it would cost a call per container). */
  startedAt: Date | null
  /** Of the last run, 128 + signal after a signal; `null` while running or when nobody saw it. */
  exitCode: number | null
  /** Whether the last run ended for lack of memory; known to `inspect` alone. */
  oomKilled: boolean
}

/** A hint: it may come late, twice or never. A timed `list` is the truth. */
export interface RuntimeEvent extends ContainerKey {
  kind: 'started' | 'stopped' | 'paused' | 'unpaused' | 'removed' | 'oom'
}

/**
 * Every verb throws AppError only: `engine_down` (a retry makes sense), `image_missing`, `conflict` (somebody
 * else's container, network or address is in the way, or the home is missing; the message says which), `instance_unhealthy` (the
 * image cannot be started), `isolation_broken` (instances would reach each other).
 */
export interface Runtime {
  readonly name: 'docker' | 'process'
  /** What an instance of that image would be made with. Asks nothing. */
  isolationOf(spec: Pick<InstanceSpec, 'image'>): Isolation
  /** As known by now: `check` may find that the api cannot. Asks nothing. */
  firewall(): FirewallState
  /** Whether a limit of bandwidth is a wall here, as known by now. Asks nothing. */
  limitsBandwidth(): boolean
  /** What it can run containers with; none where there are no containers. */
  ociRuntimes(): Promise<readonly OciRuntime[]>
  /** How many slots it has, counted from 0; `Infinity` where every number will do. Asks nothing. */
  slotCount(): number
  /** Resolves when instances can run from that image; the error's message names the fix. */
  check(image: string): Promise<void>
  /**
   * Whether instances are kept apart right now; throws `isolation_broken` when they are not, `engine_down` when nobody
   * knows. A start asks as well, unless this has resolved within the last seconds: asked regularly, it costs a wake
   * nothing. It says nothing of instances whose `isolation` is `none`.
   */
  verifyIsolation(): Promise<void>
  /**
   * Tries it from inside, with containers made for that: takes seconds. What is found open makes `verifyIsolation` and
   * every start throw `isolation_broken`, until a later test finds it closed. `null`: there is nothing to try.
   */
  selfTest(request: SelfTestRequest): Promise<SelfTestReport | null>
  /**
   * Makes the container, or finishes a half-made one. A container that is not running and was made from another
   * specification is made anew.
   */
  create(spec: InstanceSpec): Promise<void>
  /**
   * Starts or unpauses, after `create` where that is needed. Does not wait for health; probe the address only once
   * this has resolved: on a bridge without another running container earlier packets cost the wake 0.7 s.
   */
  start(spec: InstanceSpec): Promise<InstanceAddress>
  /**
   * Freezes what runs, and gives its memory back to the machine as far as the kernel lets the driver; `start` lets it
   * go on. What does not run is left alone. The memory may follow a moment after this has resolved.
   */
  pause(key: ContainerKey): Promise<void>
  /**
   * Lets what is paused go on, in as few steps as there can be: somebody waits. `false`: it is not paused, and `start` is
   * what it needs. `onAsked`: isolation holds, and the engine has been asked; it may answer requests well before this resolves.
   */
  resume(key: ContainerKey & { handle: string }, onAsked?: () => void): Promise<boolean>
  /**
   * SIGTERM, and SIGKILL after `graceS` seconds (default: the contract's). Resolves when it has ended. Without a
   * generation, all containers of the instance.
   */
  stop(id: InstanceId, options?: { graceS?: number; generation?: number }): Promise<void>
  /** The container, and what the driver keeps for it; without a generation, all of them. The home stays. */
  remove(id: InstanceId, options?: { generation?: number }): Promise<void>
  /** `handle`: where the caller knows it, the docker driver asks once, by name, instead of searching. */
  inspect(key: ContainerKey & { handle?: string }): Promise<RuntimeInstance | null>
  /**
   * Gives a container other limits, whether or not it runs, without a restart; does nothing where they are so already, or
   * there is no container. Throws `conflict` while it uses more than the new ones allow, or is paused and the engine changes
   * nothing that is frozen: it gets them with `start`.
   */
  update(key: ContainerKey & { handle?: string }, limits: InstanceLimits): Promise<void>
  /** `null`: it does not run, or the driver cannot tell. Counters begin anew with each start. */
  usage(key: ContainerKey & { handle?: string }): Promise<RuntimeUsage | null>
  /** Every container of this platform, whoever started it. */
  list(): Promise<RuntimeInstance[]>
  /** Ends with `signal`; a lost engine is waited for, never thrown. */
  events(signal: AbortSignal): AsyncIterable<RuntimeEvent>
  /**
   * Last lines of what its present or last run printed, oldest first and raw; empty when there is nothing. With `run`,
   * of an earlier one that ended in that time, as far as the driver still has it.
   */
  logs(key: ContainerKey, lines: number, run?: Span): Promise<string>
  /** process: stops every instance. docker: leaves them alone. */
  close(): Promise<void>
}
