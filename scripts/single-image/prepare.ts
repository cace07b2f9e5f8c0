/** Builds the pages of a checkout that is to become an image: nothing is built where it runs. */
import { buildPlatform } from '../../apps/supervisor/src/build/platform.ts'

await buildPlatform((_level, message) => console.log(message))
