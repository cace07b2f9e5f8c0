/** What people call a device, by the little that its browser says of it. */
import type { DeviceView } from '@matrixos/shared'

export function deviceName({ browser, os }: DeviceView): string {
  if (browser && os) return `${browser} on ${os}`
  return browser ?? os ?? 'Unknown device'
}
