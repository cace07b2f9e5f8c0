/** Apps of an instance: what is where, and how their names are checked. */
import { z } from 'zod'
import { APP_NAME_RULE, isAppName } from './app-names.ts'

export const appNameSchema = z.string().refine(isAppName, `Use ${APP_NAME_RULE}.`)

/** Below the home: a folder for each app. */
export const APPS_FOLDER = 'apps'
/** In an app's folder. */
export const APP_MANIFEST = 'app.json'
