/** Whether the computer in this container serves: the health check of deploy/Dockerfile.single. */
import { request } from 'node:http'
import { hostsFrom } from '@matrixos/shared'

const PUBLIC_URL = process.env.PUBLIC_URL || 'http://localhost:8080'
const { apiOrigin } = hostsFrom({ PUBLIC_URL, SINGLE: true })
const [host, port] = (process.env.EDGE_LISTEN ?? '').split(/:(?=\d+$)/)

request({
  host: host === '0.0.0.0' || !host ? '127.0.0.1' : host,
  port: Number(port ?? 8080),
  path: '/trpc/stats.public',
  headers: { host: new URL(apiOrigin).host },
  timeout: 4_000,
})
  .on('response', ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1))
  .on('timeout', () => process.exit(1))
  .on('error', () => process.exit(1))
  .end()
