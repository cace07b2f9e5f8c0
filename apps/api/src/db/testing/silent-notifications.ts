/** Notifications of an api process that is alone: nobody hears it, and it hears nobody. */
import type { Notifications } from '../notifications.ts'

export const silentNotifications: Notifications = {
  publish: () => {},
  subscribe: async () => async () => {},
}
