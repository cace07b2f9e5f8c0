/** The floor: the engine alone, asked through its API, with a twin of a real instance's container. */
import { chownSync, mkdirSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { GATEWAY_PORT, HEALTH_PATH, HOME_IN_CONTAINER } from '@matrixos/shared'
import type { ContainerCreateOptions, ContainerInspectInfo } from 'dockerode'
import { engine } from '../support/test-engine.ts'

const PROBE_INTERVAL_MS = 10

export interface Twin {
  start: () => Promise<void>
  stop: () => Promise<void>
  /** Starts it and waits for its first 200. */
  startToReady: () => Promise<void>
  remove: () => Promise<void>
}

/** Makes a container just like `model`, with a home, name and address of its own. `number`: 0 to 99. */
export async function createTwin(
  model: ContainerInspectInfo,
  dataDir: string,
  number: number,
): Promise<Twin> {
  const [networkName = '', network] = Object.entries(model.NetworkSettings.Networks)[0] ?? []
  const [a, b, third = 0] = (network?.IPAddress ?? '').split('.').map(Number)
  // From the end of the bridge's part: slots are given from its beginning.
  const last = (third - (third % 4)) * 256 + 1022 - number
  const address = `${a}.${b}.${Math.floor(last / 256)}.${last % 256}`
  const home = join(dataDir, 'twins', String(number))
  mkdirSync(home, { recursive: true })
  const [uid = 0, gid = 0] = model.Config.User.split(':').map(Number)
  chownSync(home, uid, gid)
  const options: ContainerCreateOptions = {
    name: `${model.Name.slice(1)}-twin${number}`,
    Image: model.Config.Image,
    Env: model.Config.Env,
    User: model.Config.User,
    HostConfig: { ...model.HostConfig, Binds: [`${home}:${HOME_IN_CONTAINER}`], Mounts: [] },
    NetworkingConfig: { EndpointsConfig: { [networkName]: { IPAMConfig: { IPv4Address: address } } } },
  }
  const container = await engine().createContainer(options)
  return {
    start: async () => void (await container.start()),
    stop: async () => void (await container.stop({ t: 10 })),
    startToReady: async () => {
      await container.start()
      while (!(await answers(address))) await delay(PROBE_INTERVAL_MS)
    },
    remove: async () => {
      await container.remove({ force: true })
      rmSync(home, { recursive: true, force: true })
    },
  }
}

const answers = (host: string) =>
  new Promise<boolean>((resolve) => {
    const sent = request(
      { host, port: GATEWAY_PORT, path: HEALTH_PATH, agent: false, timeout: 2000 },
      (response) => {
        response.resume()
        response.on('end', () => resolve(response.statusCode === 200))
      },
    )
    sent.on('timeout', () => sent.destroy())
    sent.on('error', () => resolve(false))
    sent.end()
  })
