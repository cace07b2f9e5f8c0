/** The host-memory port: how much memory the machine that runs instances can still give. */
export interface HostMemory {
  /** Why the figure is unknown, for the log; `null` when it is known. */
  readonly unknownBecause: string | null
  /** Bytes that can be had without swapping; `null` when unknown. Never throws. */
  availableBytes(): Promise<number | null>
}
