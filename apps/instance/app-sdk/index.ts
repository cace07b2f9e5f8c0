/** What an app can do besides being a page, as `mos` in its pages: see `banner.ts` and `static/sdk.d.ts`. */
import { ai } from './ai.ts'
import { MosError } from './call.ts'
import { me } from './me.ts'
import { room } from './room.ts'
import { files, kv } from './stores.ts'

Object.assign(globalThis, { mos: { me, kv, files, ai, room, Error: MosError } })
