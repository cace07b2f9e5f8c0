import { describeReal } from '@matrixos/testing/describe-real'
import { startCaddyEdge } from '../../testing/caddy-edge.ts'
import { edgeContract } from '../../testing/contract.ts'

describeReal(['caddy'], 'Caddy', () => {
  edgeContract('caddy', (options) => startCaddyEdge(options, process.env))
})
