/** What is the platform's on the hosts of instances. No schema is here: computers' pages use it, and have no room for zod. */

/** Paths on an instance's host that belong to the platform. */
export const PLATFORM_PATH = '/.mos/'
/**
 * On an instance's host: hands the session there on to the host of an app, whose first path then is `rt` (`?app=NAME&rt=/`).
 * The way into an app for whoever is signed in at the instance, in a frame or a tab.
 */
export const APP_LAUNCH_PATH = `${PLATFORM_PATH}app-launch`
/** On an app's host: begins that, also where the app is open to everybody (`?rt=/`). */
export const APP_ENTER_PATH = `${PLATFORM_PATH}enter`
