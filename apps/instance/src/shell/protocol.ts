/** What the shell keeps in the home, `system/shell.json`, so that any browser finds it: the look, and the windows. */
import * as z from 'zod/mini'
import { LONGEST_TARGET, MOST_WINDOWS, THEMES, WALLPAPERS } from './look.ts'

const look = z.object({
  theme: z.enum(THEMES),
  /** The accent's angle on the wheel of colours, in degrees. */
  hue: z.int().check(z.minimum(0), z.maximum(359)),
  wallpaper: z.enum(WALLPAPERS),
})
export type Look = z.infer<typeof look>

const length = z.number().check(z.minimum(-100_000), z.maximum(100_000))

const win = z.object({
  id: z.string().check(z.regex(/^w\d{1,9}$/)),
  part: z.string().check(z.regex(/^[a-z][a-z0-9-]{0,31}$/)),
  target: z
    .unknown()
    .check(z.refine((target) => (JSON.stringify(target ?? null) ?? '').length <= LONGEST_TARGET)),
  rect: z.object({ x: length, y: length, width: length, height: length }),
  fit: z.enum(['free', 'left', 'right', 'full']),
  isMinimised: z.boolean(),
})

export const shellState = z.object({
  look,
  windows: z.array(win).check(z.maxLength(MOST_WINDOWS)),
  /** Whether anything was ever opened here. */
  hasStarted: z.boolean(),
})
export type ShellState = z.infer<typeof shellState>

/** `PUT /api/shell`: what is given replaces, the rest stays. */
export const shellChange = z.partial(shellState)
export type ShellChange = z.infer<typeof shellChange>

/** `GET /api/about`, for the owner alone. */
export interface About {
  handle: string
  displayName: string
  /** Name of the image that this computer runs; `null`: it runs without one. */
  image: string | null
  node: string
  /** Bytes in the home; `isWhole` is false when there was more than was counted. */
  home: { bytes: number; isWhole: boolean }
  /** Bytes that the disk below it still has, for everybody on it; `null`: unknown. */
  freeBytes: number | null
}
