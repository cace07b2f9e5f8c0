/** Which of a fixed field of lights are lit. While there are few computers each is one light; beyond that in proportion. */

const COUNT = 168
const LIGHTS = Array.from({ length: COUNT }, (_, index) => index)
/** Mixes an index's bits (murmur3's last step), so that the lights look scattered by chance but stay where they are. */
function scatter(index: number): number {
  const first = Math.imul(index ^ 0x5bd1e995, 0x85ebca6b)
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35)
  return (second ^ (second >>> 16)) >>> 0
}

/** For each place, how many others are lit before it. */
export function ranks(): number[] {
  const order = LIGHTS.toSorted((a, b) => scatter(a) - scatter(b))
  return LIGHTS.map((light) => order.indexOf(light))
}

/** How many lights are lit: at least one when anything runs. */
export function litCount(running: number, instances: number): number {
  const scale = Math.min(1, COUNT / Math.max(instances, running, 1))
  return running === 0 ? 0 : Math.max(1, Math.round(running * scale))
}
