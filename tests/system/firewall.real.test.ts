/** What a computer reaches of this machine while the platform keeps its own rules, from inside a real container. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { signUp } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import { openInstance } from '@matrixos/testing/platform-client'
import { expect, it } from 'vitest'
import { bootStack } from '../support/stack.ts'
import { engine, testContainers } from '../support/test-engine.ts'

/** Prints the status that an address answers with, or that nothing does. */
const ASK = `fetch(process.argv[1], { signal: AbortSignal.timeout(3000) })
  .then(({ status }) => console.log(status), () => console.log('nothing'))`

describeReal(['docker', 'caddy', 'postgres'], 'the platform’s own network rules', () => {
  it('leave the AI proxy open to a computer, and close the rest of the machine', async () => {
    await using stack = await bootStack({ parts: 'real', env: { INSTANCE_FIREWALL: 'api' } })
    const server = createServer((_request, response) => void response.end('the host'))
    await once(server.listen(0, '0.0.0.0'), 'listening')
    const { port } = server.address() as AddressInfo
    const network = `matrixos-${stack.name}`
    try {
      const client = stack.client()
      await signUp({ client, authenticator: createAuthenticator(), handle: 'walled' })
      await openInstance(client, client.hosts.instanceOrigin('walled'))
      const [row] = await testContainers(stack.name)
      if (!row) throw new Error('There is no container.')
      const { Config, NetworkSettings } = await engine().getContainer(row.Id).inspect()
      const proxy = Config.Env.find((line) => line.startsWith('ANTHROPIC_BASE_URL='))?.split('=')[1] ?? ''
      const gateway = NetworkSettings.Networks[network]?.Gateway ?? ''
      const ask = async (url: string) => {
        const { stdout } = await promisify(execFile)('docker', ['exec', row.Id, 'node', '-e', ASK, url])
        return stdout.trim()
      }
      // Without its token, but by the proxy itself.
      expect(await ask(`${proxy}/v1/models`)).toBe('401')
      expect(await ask(`http://${gateway}:${port}/`)).toBe('nothing')
      expect((await fetch(`http://${gateway}:${port}/`)).status).toBe(200)
    } finally {
      server.close()
      await promisify(execFile)('nft', [
        'delete',
        'table',
        'inet',
        `instances_${network.replaceAll('-', '_')}`,
      ])
    }
  })
})
