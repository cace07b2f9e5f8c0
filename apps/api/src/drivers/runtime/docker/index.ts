/** The docker driver: one container per instance, on a network where none reaches another. */
import type { Runtime } from '../../../ports/runtime.ts'
import { createBandwidth } from './bandwidth/index.ts'
import { bridgesOf, slotsOf } from './bridges.ts'
import { checkEngine } from './check.ts'
import { dockerClient } from './client.ts'
import type { DockerContext } from './context.ts'
import { createInstance } from './create.ts'
import { engineError } from './engine-error.ts'
import { watchEvents } from './events.ts'
import { createFirewall } from './firewall/index.ts'
import { createNft } from './firewall/nft.ts'
import { createImages } from './images.ts'
import { inspectInstance, listInstances, readLogs } from './inspect.ts'
import { createIsolation } from './isolation.ts'
import { updateLimits } from './limits.ts'
import { createNetwork } from './network.ts'
import { ociRuntimesOf } from './oci-runtimes.ts'
import { type DockerRuntimeOptions, dockerSettings } from './options.ts'
import { pauseInstance } from './pause.ts'
import { createReclaim } from './reclaim.ts'
import { resumeInstance } from './resume.ts'
import { createSelfTest, type Verdict } from './self-test/index.ts'
import { startInstance } from './start.ts'
import { removeInstance, stopInstance } from './stop.ts'
import { usageOf } from './usage.ts'

export type { DockerRuntimeOptions } from './options.ts'

/** Remembers nothing: names and labels on the engine are its memory. Throws `engine_down` for a malformed `host`. */
export function createDockerRuntime(options: DockerRuntimeOptions): Runtime {
  const settings = dockerSettings(options)
  const { callTimeoutMs } = settings.timing
  const engine = dockerClient(settings.host, callTimeoutMs)
  const { networkName } = settings
  const nft = createNft()
  const firewall = createFirewall({ ...settings.firewall, networkName, nft })
  // Whoever keeps the one table has the right, and is where the other would be.
  const isHere = () => firewall.state().by === 'api'
  const network = createNetwork(engine, settings, firewall)
  const verdict: Verdict = { failure: null }
  const context: DockerContext = {
    engine,
    isolation: createIsolation({ engine, network, settings, verdict, now: () => performance.now() }),
    patientEngine: (ms) => dockerClient(settings.host, callTimeoutMs + ms),
    images: createImages(engine),
    network,
    reclaim: createReclaim(engine),
    bandwidth: createBandwidth({ networkName, isHere, nft }),
    settings,
  }

  const selfTest = createSelfTest(context, firewall, verdict)

  async function told<T>(call: Promise<T>): Promise<T> {
    return await call.catch((error: unknown) => {
      throw engineError(error, settings.host)
    })
  }

  return {
    name: 'docker',
    isolationOf: () => 'container',
    ociRuntimes: () => told(ociRuntimesOf(engine)),
    slotCount: () => slotsOf(bridgesOf(settings)),
    firewall: firewall.state,
    limitsBandwidth: context.bandwidth.isUsable,
    check: (image) => told(checkEngine(context, image)),
    verifyIsolation: () => told(context.isolation.verify()),
    selfTest: (request) => told(selfTest.run(request)),
    create: (spec) => told(createInstance(context, spec)),
    start: (spec) => told(startInstance(context, spec)),
    pause: (key) => told(pauseInstance(context, key)),
    resume: (key, onAsked) => told(resumeInstance(context, key, onAsked)),
    stop: (id, stopOptions) => told(stopInstance(context, id, stopOptions)),
    remove: (id, which) => told(removeInstance(context, id, which)),
    inspect: (key) => told(inspectInstance(context, key)),
    update: (key, limits) => told(updateLimits(context, key, limits)),
    usage: (key) => told(usageOf(context, key)),
    list: () => told(listInstances(context)),
    events: (signal) => watchEvents(context, signal),
    logs: (key, lines, run) => told(readLogs(context, key, lines, run)),
    close: async () => {},
  }
}
