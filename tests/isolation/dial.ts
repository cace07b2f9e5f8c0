/** Whether something answers at an address, asked from this machine: what is closed to an instance must be there at all. */
import { connect } from 'node:net'

const TIMEOUT_MS = 2_000

/** `connected`, `timeout`, or the error's code. */
export const dial = (host: string, port: number): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: TIMEOUT_MS })
    const end = (outcome: string) => {
      socket.destroy()
      resolve(outcome)
    }
    socket.once('connect', () => end('connected'))
    socket.once('timeout', () => end('timeout'))
    socket.once('error', (error) => end('code' in error ? String(error.code) : error.message))
  })
