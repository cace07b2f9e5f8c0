/** Builds the pages of a checkout that is to become an image: nothing is built where it runs. */
import { buildPages } from '../../apps/supervisor/src/build/pages.ts'

await buildPages((_level, message) => console.log(message))
