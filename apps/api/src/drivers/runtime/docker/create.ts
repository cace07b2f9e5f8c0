/** Create: a container that fits the specification. */
import { setTimeout as delay } from 'node:timers/promises'
import type { InstanceSpec } from '../../../ports/runtime.ts'
import type { Place } from './bridges.ts'
import type { ContainerInspectInfo } from './client.ts'
import { containerConfig } from './container-config.ts'
import { containerOf, discardContainer } from './containers.ts'
import type { DockerContext } from './context.ts'
import { disarmHomeOf } from './disarm.ts'
import { statusOf } from './engine-error.ts'
import { writeEtcFiles } from './etc-files.ts'
import type { Image } from './images.ts'
import { SPEC_LABEL } from './labels.ts'
import { fitLimits } from './limits.ts'
import { needsResolver, writeResolver } from './resolver.ts'
import { isActive, isLeftover } from './view.ts'

/** User of the public image's own drop: the home's first owner where the image names none. */
const PUBLIC_IMAGE_UID = 1001

const NAME_ATTEMPTS = 100
const NAME_RETRY_MS = 25

/** What verbs need to know of a container, whether it was found or just made. */
export interface FittingContainer {
  id: string
  status: string
  labels: Record<string, string>
  /** As found; `null`: it was just made. */
  info: ContainerInspectInfo | null
  /** What is mounted into it was prepared just now. */
  isPrepared: boolean
}

const fittingOf = (info: ContainerInspectInfo, isPrepared = false): FittingContainer => ({
  info,
  id: info.Id,
  status: info.State.Status,
  labels: info.Config.Labels,
  isPrepared,
})

const placeFor = async ({ network }: DockerContext, { isClosed, slot }: InstanceSpec): Promise<Place> =>
  isClosed ? network.closedPlace() : await network.placeOf(slot)

/** What is mounted into the container: the home, as its image's user wants it, and files of the driver's own. */
async function prepareMounts(
  { settings }: DockerContext,
  spec: InstanceSpec,
  image: Image,
  { address }: Place,
): Promise<void> {
  const uid = image.uid || PUBLIC_IMAGE_UID
  const { id, generation, handle } = spec
  if (needsResolver(spec)) await writeResolver(settings.stateDir)
  await settings.homes.give({ id, handle }, image.hardened ? settings.user : { uid, gid: uid })
  if (image.hardened) return
  await writeEtcFiles(settings.stateDir, { id, generation, handle, address })
}

/**
 * The instance's container: as found where it fits, is in use, or its image is gone (it needs the image no more);
 * made anew otherwise.
 */
export async function ensureContainer(context: DockerContext, spec: InstanceSpec): Promise<FittingContainer> {
  const [image, found, place] = await Promise.all([
    context.images.find(spec.image),
    containerOf(context, spec),
    placeFor(context, spec),
  ])
  if (found && !isLeftover(found.State.Status)) {
    const wanted = image && containerConfig(spec, image, context.settings, place).Labels[SPEC_LABEL]
    const isRight =
      wanted === null || isActive(found.State.Status) || found.Config.Labels[SPEC_LABEL] === wanted
    if (isRight) {
      // What runs is left alone here: a start must not fail for less memory than it has.
      if (!isActive(found.State.Status)) await fitLimits(context, found, spec.limits)
      return fittingOf(found)
    }
  }
  const usable = image ?? (await context.images.get(spec.image))
  if (found) {
    // Its labels are what tells that it had root.
    await disarmHomeOf(context, found.Config.Labels)
    await discardContainer(context, found.Id)
  }
  return await makeContainer(context, spec, usable)
}

/** A name is taken before its container can be seen: of simultaneous calls one makes it, the others find it. */
async function makeContainer(
  context: DockerContext,
  spec: InstanceSpec,
  image: Image,
): Promise<FittingContainer> {
  const place = await (spec.isClosed ? context.network.ensureClosed() : context.network.ensure(spec.slot))
  await prepareMounts(context, spec, image, place)
  const config = containerConfig(spec, image, context.settings, place)
  for (let attempt = 1; ; attempt++) {
    try {
      const { id } = await context.engine.createContainer(config)
      // The image's own labels count as well, and the engine adds them.
      return {
        id,
        info: null,
        status: 'created',
        labels: { ...image.labels, ...config.Labels },
        isPrepared: true,
      }
    } catch (error) {
      if (statusOf(error) !== 409 || attempt === NAME_ATTEMPTS) throw error
      const rival = await containerOf(context, spec)
      if (rival) return fittingOf(rival, true)
      await delay(NAME_RETRY_MS)
    }
  }
}

/** The home of a running instance is there, and is not to be touched. */
export async function createInstance(context: DockerContext, spec: InstanceSpec): Promise<void> {
  const container = await ensureContainer(context, spec)
  if (container.isPrepared || isActive(container.status)) return
  const image = await context.images.find(spec.image)
  if (image) await prepareMounts(context, spec, image, await placeFor(context, spec))
}
