/**
 * How long to wait between two writes of Caddy's configuration. A stream keeps the whole configuration that it began
 * in: were each change written at once, long-lived streams would fill the memory. Waiting costs nothing, for the
 * wildcard route serves whoever has no route yet.
 */

/** Bytes of a configuration in Caddy's memory, by route (measured: 16 MB at 10,000), and without any (52 MB for a hundred). */
const BYTES_PER_ROUTE = 1600
const BYTES_OF_FRAME = 550_000

export interface WriteInterval {
  routes: number
  /** Old configurations that open streams may hold, at most. */
  generations: number
  budgetBytes: number
}

const SHORTEST_MS = 250
const LONGEST_MS = 3_600_000

/** Short until half of the budget may be in use; doubles with every generation from there. */
export function writeIntervalMs(options: WriteInterval): number {
  const affordable = options.budgetBytes / (BYTES_OF_FRAME + options.routes * BYTES_PER_ROUTE)
  const excess = Math.ceil(options.generations - affordable / 2)
  return excess <= 0 ? SHORTEST_MS : Math.min(LONGEST_MS, SHORTEST_MS * 2 ** excess)
}
