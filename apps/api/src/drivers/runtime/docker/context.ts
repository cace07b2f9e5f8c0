/** What every verb of the driver works with. */
import type { Bandwidth } from './bandwidth/index.ts'
import type { Engine } from './client.ts'
import type { Images } from './images.ts'
import type { Isolation } from './isolation.ts'
import type { Network } from './network.ts'
import type { DockerSettings } from './options.ts'
import type { Reclaim } from './reclaim.ts'

export interface DockerContext {
  engine: Engine
  /** The same engine, for a call that takes up to `ms` longer than others by its nature. */
  patientEngine: (ms: number) => Engine
  images: Images
  isolation: Isolation
  network: Network
  reclaim: Reclaim
  bandwidth: Bandwidth
  settings: DockerSettings
}
