import { readFileSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describeReal } from '@matrixos/testing/describe-real'
import { partsMustBeThere } from '@matrixos/testing/required-parts'
import Docker from 'dockerode'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { buildInstanceImage } from '../../supervisor/src/instance-image/build.ts'
import { versionOf } from './notes/pad.ts'
import { type Memory, runContainer, type TestContainer } from './testing/container.ts'
import { DAY } from './testing/day-of-use.ts'
import { openSocket } from './testing/instance.ts'

describeReal(['docker'], 'the instance image', () => {
  const IMAGE = 'mosi-test:real'
  const MB = 1024 * 1024

  beforeAll(() => buildInstanceImage({ tag: IMAGE }))
  /** Somebody works on it as soon as it is there. */
  let used: TestContainer | undefined
  afterAll(async () => {
    await used?.[Symbol.asyncDispose]()
    await new Docker().getImage(IMAGE).remove({ force: true })
  })

  test('leaves an up-to-date image alone', async () => {
    expect(await buildInstanceImage({ tag: IMAGE })).toEqual({ tag: IMAGE, built: false })
  })

  test('has the contract’s labels', async () => {
    const { Config } = await new Docker().getImage(IMAGE).inspect()
    expect(Config.User).toBe('10001:10001')
    expect(Config.Labels).toMatchObject({
      'os.matrix.hardened': '1',
      'os.matrix.trust': 'edge',
      'os.matrix.roles': '1',
      'os.matrix.apps': '1',
      'os.matrix.ports.gateway': '4000',
    })
  })

  test('is small after its start', { timeout: 300_000 }, async () => {
    // An AI that nobody reaches: the chat loads and does all that it does before an answer.
    const env = ['ANTHROPIC_BASE_URL=http://127.0.0.1:9', 'ANTHROPIC_API_KEY=none']
    used = await runContainer({ image: IMAGE, env })
    const host = await used.start()
    await fetch(`http://${host}/api/me`)
    const started = await used.memory()
    await tell(used, started)
    expect(started.workingSet).toBeLessThan(40 * MB)
    // What comes of it is measured by the last test: this one rests while the others run.
    for (const step of Object.values(DAY)) await step(host)
  })

  test('has a shell and its tools, whose home outlasts a sleep with all that was installed there', async ({
    skip,
  }) => {
    const { Config } = await new Docker().getImage(IMAGE).inspect()
    const hasShell = Config.Env.some((pair) => pair.startsWith('MATRIX_SHELL='))
    skip(!hasShell && !partsMustBeThere(process.env), 'no Debian mirror was there to fetch a shell from')
    await using instance = await runContainer({ image: IMAGE })
    const host = await instance.start()
    const me = z.looseObject({ terminal: z.string() })
    expect(me.parse(await (await fetch(`http://${host}/api/me`)).json())).toMatchObject({ terminal: 'pty' })
    const { shell } = instance
    expect(await shell('whoami; echo $HOME; pwd')).toBe('matrixos\n/home/matrixos/home\n/home/matrixos/home')
    expect(
      await shell('for tool in ls grep vi less top tar wget node; do command -v $tool || exit 1; done'),
    ).toContain('/usr/bin/vi')
    expect(await shell(`x=été; echo \${#x}`)).toBe('3')
    await shell(
      'mkdir -p .local/bin; printf "#!/usr/bin/env node\\nconsole.log(6 * 7)\\n" > .local/bin/six; chmod +x .local/bin/six',
    )
    await shell('echo "export WORD=kept" > .bashrc; mktemp > note')
    expect(await shell('cat note')).toMatch(/^\/home\/matrixos\/home\/\.cache\/tmp\//)

    await instance.container.stop({ t: 10 })
    await instance.start()
    expect(await shell('six; echo $WORD')).toBe('42\nkept')
    expect(await shell('ls "$(cat note)" 2>&1 || true')).toContain('No such file')
    await expect(shell('touch /usr/bin/x')).rejects.toThrow(/Read-only file system/)
    expect(await shell(`bash -ic 'echo "\${PS1@P}"'`)).toContain('alice')
  })

  test('names an engine that is down, and how to fix it', async () => {
    const build = buildInstanceImage({ tag: IMAGE, docker: { socketPath: '/tmp/mosi-test-no-engine.sock' } })
    await expect(build).rejects.toThrow(
      /Docker is not installed or not running\. Start it .* or set DOCKER_HOST/,
    )
  })

  test('boots hardened, serves its page, keeps a note over stop and start, and stops at once', async () => {
    await using instance = await runContainer({ image: IMAGE })
    const host = await instance.start()
    expect(await (await fetch(`http://${host}/health`)).json()).toMatchObject({
      status: 'ok',
      handle: 'alice',
    })
    expect(await (await fetch(`http://${host}/`)).text()).toContain('alice · Matrix OS')
    const notes = await openSocket(`ws://${host}/ws/notes`)
    await notes.next()
    notes.send({ type: 'save', id: 1, base: versionOf(''), text: 'still here' })
    expect(await notes.next()).toMatchObject({ type: 'saved' })
    expect((await stat(join(instance.home, 'notes/pad.md'))).uid).toBe(10001)

    const before = performance.now()
    await instance.container.stop({ t: 10 })
    expect(performance.now() - before).toBeLessThan(2_000)
    expect(await notes.closed).toEqual({ code: 1001, reason: 'asleep' })
    expect((await instance.container.inspect()).State.ExitCode).toBe(0)

    const firstBoot = await readFile(join(instance.home, 'system/first-boot.json'), 'utf8')
    const again = await openSocket(`ws://${await instance.start()}/ws/notes`)
    expect(await again.next()).toMatchObject({ type: 'pad', text: 'still here' })
    expect(await readFile(join(instance.home, 'system/first-boot.json'), 'utf8')).toBe(firstBoot)
  })

  test('reports a full disk in plain words, keeps the old note, and recovers once there is room', async () => {
    await using instance = await runContainer({ image: IMAGE, homeBytes: MB })
    const host = await instance.start()
    const shell = await openSocket(`ws://${host}/ws/console`)
    await shell.next()
    const notes = await openSocket(`ws://${host}/ws/notes`)
    await notes.next()
    notes.send({ type: 'save', id: 1, base: versionOf(''), text: 'small' })
    expect(await notes.next()).toMatchObject({ type: 'saved' })
    let result: Record<string, unknown> = {}
    for (let i = 0; i < 20 && !result.failed; i++) {
      shell.send({ type: 'run', line: `write big-${i} ${'x'.repeat(90_000)}` })
      result = await shell.next()
    }
    expect(result.text).toMatch(/^Your disk is full/)
    notes.send({ type: 'save', id: 2, base: versionOf('small'), text: 'y'.repeat(400_000) })
    expect(await notes.next()).toMatchObject({
      type: 'failed',
      message: expect.stringMatching(/^Your disk is full/),
    })
    shell.send({ type: 'run', line: 'cat notes/pad.md' })
    expect(await shell.next()).toMatchObject({ text: 'small' })
    shell.send({ type: 'run', line: 'rm big-0 big-1' })
    await shell.next()
    notes.send({ type: 'save', id: 3, base: versionOf('small'), text: 'room again' })
    expect(await notes.next()).toMatchObject({ type: 'saved', id: 3 })
  })

  test('starts as fast as without a shell', async () => {
    const bare = 'mosi-test:bare'
    await buildInstanceImage({ tag: bare, withShell: false })
    try {
      await using withShell = await runContainer({ image: IMAGE })
      await using without = await runContainer({ image: bare })
      const best = { shell: Number.POSITIVE_INFINITY, bare: Number.POSITIVE_INFINITY }
      // The first start fills the home. The best of many is what the machine can do when it has nothing else to do.
      for (let round = 0; round <= MOST_ROUNDS; round++) {
        const [shell, none] = [await withShell.bootMs(), await without.bootMs()]
        if (round === 0) continue
        best.shell = Math.min(best.shell, shell)
        best.bare = Math.min(best.bare, none)
        if (round >= LEAST_ROUNDS && best.shell < LIMIT * best.bare) break
      }
      process.stdout.write(
        `start to health: ${Math.round(best.shell)} ms; without a shell ${Math.round(best.bare)} ms\n`,
      )
      expect(best.shell / best.bare).toBeLessThan(LIMIT)
    } finally {
      await new Docker().getImage(bare).remove({ force: true })
    }
  })

  test('is small again once a day’s use is over', { timeout: 300_000 }, async () => {
    const resting = used
    if (!resting) throw new Error('Nobody has used one.')
    // It rests when nobody has asked for anything for half a minute.
    await expect
      .poll(async () => (await resting.memory()).held, { timeout: 120_000, interval: 1_000 })
      .toBeLessThan(40 * MB)
    await tell(resting, await resting.memory())
  })

  const toMb = (bytes: number) => Math.round(bytes / MB)

  async function tell({ container }: TestContainer, { workingSet, held }: Memory): Promise<void> {
    const { State } = await container.inspect()
    process.stdout.write(
      `idle: ${toMb(held)} MB held, working set ${toMb(workingSet)} MB; ${residentOf(State.Pid)}\n`,
    )
  }

  const LEAST_ROUNDS = 4
  const MOST_ROUNDS = 25
  const LIMIT = 1.15

  /** Memory of the instance's process, a child of the container's init: most of it is Node's own file, shared by all. */
  function residentOf(init: number): string {
    const [child] = readFileSync(`/proc/${init}/task/${init}/children`, 'utf8').split(' ')
    const status = readFileSync(`/proc/${child}/status`, 'utf8')
    return [...status.matchAll(/(VmRSS|RssAnon|RssFile):\s*(\d+)/g)]
      .map(([, name, kb]) => `${name} ${Math.round(Number(kb) / 1024)} MB`)
      .join(', ')
  }
})
