/** What runs in the containers of a self-test: it answers at one port, and says which of the places it is told it can reach. */
export const SELF_TEST_PORT = 4000
/** What is dropped costs all of it. */
const DIAL_MS = 1_500
/** A container whose api died must not stay. */
export const LIFE_MS = 60_000

export interface Place {
  host: string
  port: number
}

/** For Node of any version in use, without a file: the root of the image is not ours to write to. */
export const PROGRAM = `const { createServer } = require('node:http')
const { connect } = require('node:net')
const dial = (place) => new Promise((resolve) => {
  const socket = connect({ host: place.host, port: place.port, timeout: ${DIAL_MS} })
  const end = (isReached) => { socket.destroy(); resolve(isReached) }
  socket.once('connect', () => end(true))
  socket.once('timeout', () => end(false))
  socket.once('error', () => end(false))
})
createServer(async (request, response) => {
  const asked = new URL(request.url, 'http://self-test').searchParams.get('places')
  response.end(JSON.stringify(await Promise.all(JSON.parse(asked || '[]').map(dial))))
}).listen(${SELF_TEST_PORT})
process.on('SIGTERM', () => process.exit(0))
setTimeout(() => process.exit(0), ${LIFE_MS})`
