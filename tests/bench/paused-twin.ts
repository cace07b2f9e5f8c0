/** The floor of a wake from a pause: a bare container that is frozen, its memory given back, and thawed by the engine alone. */
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { GATEWAY_PORT, HEALTH_PATH } from '@matrixos/shared'
import { giveBack, reclaimFileOf } from '../../apps/api/src/drivers/runtime/docker/reclaim.ts'
import { engine } from '../support/test-engine.ts'
import type { Twin } from './floor.ts'

const CONTROL_GROUPS = '/sys/fs/cgroup'
const PROBE_INTERVAL_MS = 10

export interface PausedTwin {
  pause: () => Promise<void>
  /** Thaws it and waits for its first 200. */
  thawToReady: () => Promise<void>
}

/** `name`: of the twin's container. It runs from now on. */
export async function pausedTwin(twin: Twin, name: string): Promise<PausedTwin> {
  await twin.startToReady()
  const container = engine().getContainer(name)
  const { State, NetworkSettings } = await container.inspect()
  const host = Object.values(NetworkSettings.Networks)[0]?.IPAddress
  const url = `http://${host}:${GATEWAY_PORT}${HEALTH_PATH}`
  const file = reclaimFileOf(readFileSync(`/proc/${State.Pid}/cgroup`, 'utf8'), CONTROL_GROUPS)
  const isReady = () =>
    fetch(url).then(
      ({ ok }) => ok,
      () => false,
    )
  return {
    async pause() {
      await container.pause()
      if (file) await giveBack(file)
    },
    async thawToReady() {
      await container.unpause()
      while (!(await isReady())) await delay(PROBE_INTERVAL_MS)
    },
  }
}
