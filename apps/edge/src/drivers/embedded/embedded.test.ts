import { hostsOf } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { edgeContract } from '../../testing/contract.ts'
import { startServer } from '../../testing/servers.ts'
import { createEmbeddedDriver } from './driver.ts'

edgeContract('embedded', createEmbeddedDriver)

it('says which port is taken, by whom, and how to choose another', async () => {
  await using holder = await startServer(() => undefined)
  const starting = createEmbeddedDriver({
    hosts: hostsOf('http://localhost:8080'),
    sockets: { api: '', gate: '', spa: '' },
    listen: holder.address,
  })
  const port = holder.address.split(':')[1]
  await expect(starting).rejects.toThrow(
    new RegExp(
      `Port ${port} is already in use.*process ${process.pid}.*EDGE_LISTEN=127.0.0.1:\\d+ PUBLIC_URL=`,
    ),
  )
})
