/**
 * `npm run video`: records the landing page's film from a platform that it starts, and puts it where the page has it.
 * With `-- --docker --caddy` its computer is a container.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT, showError, UserError } from '@matrixos/host/root'
import { parseFlags, USAGE } from '../apps/supervisor/src/flags.ts'
import { rollCamera } from './landing-video/camera.ts'
import { type Cue, webVtt } from './landing-video/captions.ts'
import { encodeFilm, encodeScene } from './landing-video/encode.ts'
import { openChromium, seat } from './landing-video/person.ts'
import { placeForFilm } from './landing-video/place.ts'
import { FRAME, HALF, type Scene, type Stage } from './landing-video/scene.ts'
import { ask } from './landing-video/scenes/ask.ts'
import { open } from './landing-video/scenes/open.ts'
import { play } from './landing-video/scenes/play.ts'
import { publish } from './landing-video/scenes/publish.ts'
import { signUp } from './landing-video/scenes/sign-up.ts'
import { cut, FRAMES_PER_S } from './landing-video/take.ts'

const SCENES: readonly Scene[] = [signUp, ask, open, publish, play]
const FOLDER = join(ROOT, 'apps/spa/src/features/landing/film')
/** Caddy gives the made-up names their certificates. Docker's networks, which change, may make Chromium give up loads. */
const FLAGS = ['--caddy']
const HANDLE = 'ada'

/** Resolves to the frames of the scene, as the cameras saw it. */
async function shoot(scene: Scene, stage: Stage, work: string): Promise<string[][]> {
  try {
    await scene.prepare?.(stage)
    const cameras = await Promise.all(
      scene.cast(stage).map(({ page }, index) => rollCamera(page, join(work, scene.name, `shots-${index}`))),
    )
    await scene.play(stage)
    return cut(await Promise.all(cameras.map((camera) => camera.stop())), scene.seconds, scene.lingerS)
  } catch (cause) {
    for (const who of ['owner', 'stranger'] as const)
      await stage[who].page.screenshot({ path: join(ROOT, `data/video-${who}.png`) })
    throw new UserError(`Scene ${scene.name} failed; data/video-*.png show where. ${cause}`)
  }
}

async function main(args: string[]): Promise<void> {
  if (parseFlags(args, process.env).help) {
    console.log(
      `The film is recorded on a platform that is started with these options, or with ${FLAGS.join(' ')}.\n\n${USAGE}`,
    )
    return
  }
  await using opened = new AsyncDisposableStack()
  const work = mkdtempSync(join(tmpdir(), 'mos-video-'))
  opened.defer(() => rmSync(work, { recursive: true, force: true }))
  const place = opened.use(await placeForFilm(args.length > 0 ? args : FLAGS))
  const browser = opened.adopt(await openChromium(place.resolve), (one) => one.close())
  const owner = await seat(browser, FRAME)
  const stage: Stage = { hosts: place.hosts, handle: HANDLE, owner, stranger: await seat(browser, HALF) }
  const files: string[] = []
  const cues: Cue[] = []
  let posterAtS = 0
  for (const scene of SCENES) {
    const frames = await shoot(scene, stage, work)
    const seconds = frames.length / FRAMES_PER_S
    files.push(await encodeScene(frames, join(work, scene.name)))
    cues.push({ seconds, text: scene.caption })
    console.log(`  ✓ ${scene.name.padEnd(12)} ${seconds.toFixed(1)} s`)
    if (scene.isPoster) posterAtS = cues.reduce((sum, cue) => sum + cue.seconds, 0) - 0.2
  }
  await encodeFilm({ scenes: files, posterAtS, folder: FOLDER, work })
  writeFileSync(join(FOLDER, 'captions.vtt'), webVtt(cues))
  console.log(`The film is in ${FOLDER}.`)
}

main(process.argv.slice(2)).then(
  () => process.exit(),
  (error: unknown) => {
    showError(error)
    process.exit(1)
  },
)
