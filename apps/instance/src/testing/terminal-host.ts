/** The terminals without the computer around them, in this process, with times of a test's own. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { shellEnvironment } from '../terminal/environment.ts'
import { createHost, type HostOptions } from '../terminal/host.ts'
import type { UnseenEnd } from '../terminal/session.ts'
import { temporaryFolder } from './folder.ts'
import { openTerminalPage, type TestPageOptions } from './terminal.ts'

export async function bootTerminals(options: Partial<HostOptions> = {}) {
  const folder = await temporaryFolder()
  const home = options.home ?? folder.path
  const idle = Promise.withResolvers<void>()
  const shell = '/bin/sh'
  const logged: unknown[] = []
  const unseen: UnseenEnd[] = []
  const host = await createHost({
    ...{ home, shell, graceMs: 500, log: (...entry) => void logged.push(entry), onIdle: idle.resolve },
    ...{ longMs: 60_000, onUnseenEnd: (run) => void unseen.push(run) },
    environment: shellEnvironment({ handle: 'alice', home, shell, given: {} }),
    ...options,
  })
  const server = createServer()
  server.on('upgrade', (request, stream, head) => host.accept(request, stream, head))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    home,
    host,
    logged,
    /** Programs that ran for long and ended while nobody looked. */
    unseen,
    /** Resolves when nobody looks and nothing runs. */
    idle: idle.promise,
    visit: (page?: TestPageOptions) => openTerminalPage(`ws://127.0.0.1:${port}`, page),
    [Symbol.asyncDispose]: async () => {
      await host.stop()
      server.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}
