/** From pictures to the landing page's files, by the system's ffmpeg. */
import { linkSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findOnPath } from '@matrixos/host/parts'
import { UserError } from '@matrixos/host/root'
import { runCommand } from '@matrixos/host/run-command'
import { FRAMES_PER_S } from './take.ts'

/** Of all files together. */
const MOST_BYTES = 2_000_000

const AV1 = ['-c:v', 'libsvtav1', '-preset', '5', '-pix_fmt', 'yuv420p', '-g', '250']
const H264 = ['-c:v', 'libx264', '-preset', 'veryslow', '-profile:v', 'high', '-pix_fmt', 'yuv420p']
const START = ['-movflags', '+faststart']
/** Worse and smaller, step by step. */
const QUALITIES = [
  { av1: 34, h264: 24 },
  { av1: 40, h264: 27 },
  { av1: 46, h264: 30 },
  { av1: 52, h264: 33 },
]

async function ffmpeg(args: string[]): Promise<void> {
  const program = findOnPath('ffmpeg')
  if (!program) throw new UserError('ffmpeg is missing. Get it with: npm run setup:real -- --video')
  const { code, output } = await runCommand(program, ['-loglevel', 'error', '-nostdin', '-y', ...args], {
    timeoutMs: 900_000,
  })
  if (code !== 0) throw new UserError(`ffmpeg failed:\n${output}`)
}

/** `frames`: the pictures of all cameras at each moment. Without loss, and all alike, so that scenes can be joined. */
export async function encodeScene(frames: readonly string[][], folder: string): Promise<string> {
  const cameras = frames[0]?.length ?? 0
  const inputs = Array.from({ length: cameras }, (_, camera) => {
    const numbered = join(folder, `camera-${camera}`)
    mkdirSync(numbered, { recursive: true })
    for (const [index, files] of frames.entries())
      linkSync(files[camera] ?? '', join(numbered, `${String(index).padStart(5, '0')}.jpg`))
    return ['-framerate', String(FRAMES_PER_S), '-i', join(numbered, '%05d.jpg')]
  })
  const beside = cameras > 1 ? ['-filter_complex', `hstack=inputs=${cameras}`] : []
  const file = join(folder, 'scene.mkv')
  const lossless = ['-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '0', '-pix_fmt', 'yuv444p']
  await ffmpeg([...inputs.flat(), ...beside, ...lossless, file])
  return file
}

/** Writes `film.webm`, `film.mp4` and `poster.jpg`. Throws when they do not get small enough. */
export async function encodeFilm(options: {
  scenes: readonly string[]
  posterAtS: number
  folder: string
  work: string
}): Promise<void> {
  const { scenes, posterAtS, folder, work } = options
  const list = join(work, 'scenes.txt')
  writeFileSync(list, scenes.map((file) => `file '${file}'\n`).join(''))
  const whole = join(work, 'film.mkv')
  await ffmpeg(['-f', 'concat', '-safe', '0', '-i', list, '-c', 'copy', whole])
  const [webm, mp4, poster] = ['film.webm', 'film.mp4', 'poster.jpg'].map((name) => join(folder, name))
  if (!webm || !mp4 || !poster) return
  await ffmpeg(['-ss', String(posterAtS), '-i', whole, '-frames:v', '1', '-q:v', '4', poster])
  for (const { av1, h264 } of QUALITIES) {
    await ffmpeg(['-i', whole, '-an', ...AV1, '-crf', String(av1), webm])
    await ffmpeg(['-i', whole, '-an', ...H264, '-crf', String(h264), ...START, mp4])
    const bytes = [webm, mp4, poster].reduce((sum, file) => sum + statSync(file).size, 0)
    if (bytes <= MOST_BYTES) return
  }
  throw new UserError(`The film does not fit into ${MOST_BYTES} bytes.`)
}
