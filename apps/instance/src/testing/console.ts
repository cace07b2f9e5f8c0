/** The console of the reference instance, as its page uses it: over a WebSocket. */
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { CONSOLE_PATH, type ConsoleEvent } from '../protocol.ts'

const ANSWER_TIMEOUT_MS = 60_000

/** Runs one line; resolves with what it printed, and whether it failed. */
export async function runInConsole(
  client: PlatformClient,
  handle: string,
  line: string,
): Promise<{ text: string; failed: boolean }> {
  const origin = client.hosts.instanceOrigin(handle).replace(/^http/, 'ws')
  const socket = await client.browser.websocket(`${origin}${CONSOLE_PATH}`)
  try {
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('The console did not answer.')), ANSWER_TIMEOUT_MS)
      socket.on('message', (data) => {
        const event: ConsoleEvent = JSON.parse(String(data))
        if (event.type !== 'result') return
        clearTimeout(timer)
        resolve({ text: event.text, failed: event.failed })
      })
      socket.on('close', (code) => reject(new Error(`The console closed with ${code}.`)))
      socket.send(JSON.stringify({ type: 'run', line }))
    })
  } finally {
    socket.terminate()
  }
}
