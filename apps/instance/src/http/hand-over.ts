/** Prepares a connection for another process, which goes on with it. */
import type { Socket } from 'node:net'

/**
 * What arrives from now on must be read by the other process alone. And the listener must not keep books on it for
 * its children: after one of them has ended, it would wait for ever when it closes.
 */
export function detach(stream: Socket): void {
  const handle: unknown = Reflect.get(stream, '_handle')
  if (isReader(handle)) handle.readStop()
  Reflect.set(stream, 'server', null)
}

const isReader = (handle: unknown): handle is { readStop(): void } =>
  typeof handle === 'object' &&
  handle !== null &&
  'readStop' in handle &&
  typeof handle.readStop === 'function'
