/** A platform as an instance sees it, for tests: it keeps what it is told, and can be away. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export async function startPlatform() {
  const state = {
    isAway: false,
    channels: {} as Record<string, { proof: string }>,
    schedules: [] as { id: string }[],
  }
  const reports: boolean[] = []
  const channelStates = () =>
    Object.fromEntries(
      Object.keys(state.channels).map((kind) => [
        kind,
        {
          url: `https://api.test/channels/${kind}/${'a'.repeat(22)}`,
          ...{ lastReceivedAt: null, lastDeliveredAt: null, waiting: 0, note: null },
        },
      ]),
    )
  const scheduleStates = () =>
    state.schedules.map(({ id }) => ({
      id,
      nextRunAt: '2026-05-01T09:00:00.000Z',
      lastRunAt: null,
      problem: null,
    }))
  const server = createServer(async (request, response) => {
    const body = JSON.parse((await text(request)) || '{}')
    const answer = (status: number, content: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content))
    if (state.isAway || request.headers['x-api-key'] !== 'mosai_test')
      return answer(503, { message: 'Away.' })
    if (request.url === '/instance/channels') {
      if (request.method === 'PUT') state.channels = body.channels
      return answer(200, { channels: channelStates() })
    }
    if (request.url === '/instance/schedules') {
      if (request.method === 'PUT') state.schedules = body.schedules
      return answer(200, { schedules: scheduleStates() })
    }
    if (request.url === '/instance/schedules/check') {
      const isWrong = body.timing.cron === '* * * * *'
      return answer(
        200,
        isWrong ? { next: [], problem: 'Too often.' } : { next: ['2026-05-01T09:00:00.000Z'], problem: null },
      )
    }
    reports.push(body.isBusy)
    answer(200, {})
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    state,
    reports,
    access: { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: 'mosai_test' },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
