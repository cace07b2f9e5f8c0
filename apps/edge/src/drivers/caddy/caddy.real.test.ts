import { startCaddyEdge } from '../../testing/caddy-edge.ts'
import { edgeContract } from '../../testing/contract.ts'

edgeContract('caddy', (options) => startCaddyEdge(options, process.env))
