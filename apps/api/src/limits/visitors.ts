/** What people without an account do at published apps. Wakes are written to the database anyway, so there they are counted. */
import { type AttemptLimits, memoryLimit } from './attempt-limit.ts'
import type { LimitValues } from './defaults.ts'

const MINUTE_S = 60
const HOUR_S = 3600

const NETWORK = 'Too many requests from your network.'
const APP = 'Too many people are using this app right now.'
const NETWORK_WAKES = 'Your network has woken too many apps in the last hour.'
const APP_WAKES = 'This app was woken too often in the last hour.'

export function visitorLimits(env: LimitValues, shared: AttemptLimits) {
  const perMinute = (name: string, attempts: number, message: string) =>
    memoryLimit({ name, attempts, message, seconds: MINUTE_S })
  const perHour = (name: string, attempts: number, message: string) =>
    shared.of({ name, attempts, message, seconds: HOUR_S, ignoresRefused: true })
  return {
    requests: {
      perNetwork: perMinute('visit-network', env.VISITOR_REQUESTS_PER_NETWORK_PER_MINUTE, NETWORK),
      perApp: perMinute('visit-app', env.VISITOR_REQUESTS_PER_APP_PER_MINUTE, APP),
    },
    webSockets: {
      perNetwork: perMinute('visit-socket-network', env.VISITOR_WEBSOCKETS_PER_NETWORK_PER_MINUTE, NETWORK),
      perApp: perMinute('visit-socket-app', env.VISITOR_WEBSOCKETS_PER_APP_PER_MINUTE, APP),
    },
    wakes: {
      perNetwork: perHour('visit-wake-network', env.VISITOR_WAKES_PER_NETWORK_PER_HOUR, NETWORK_WAKES),
      perApp: perHour('visit-wake-app', env.VISITOR_WAKES_PER_APP_PER_HOUR, APP_WAKES),
    },
  }
}
