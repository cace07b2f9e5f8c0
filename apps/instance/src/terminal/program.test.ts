import { readdir, readlink } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { startProgram } from './program.ts'

async function start() {
  const pieces: Buffer[] = []
  const ended = Promise.withResolvers<number>()
  const program = await startProgram({
    ...{ shell: '/bin/sh', folder: '/', columns: 80, rows: 24 },
    environment: { PATH: '/usr/bin:/bin' },
    onOutput: (bytes) => void pieces.push(bytes),
    onEnd: ended.resolve,
  })
  return { program, ended: ended.promise, output: () => Buffer.concat(pieces).toString() }
}

/** What it has open, apart from its own terminal. */
async function filesOf(pid: number): Promise<(string | null)[]> {
  const folder = `/proc/${pid}/fd`
  const targets = (await readdir(folder)).map((name) => readlink(`${folder}/${name}`).catch(() => null))
  return (await Promise.all(targets)).filter(
    (target) => target !== null && !/^\/dev\/(pts\/\d+|tty)$/.test(target),
  )
}

test('keeps the terminals of other programs out of its hands', async () => {
  const [first, ...others] = [await start(), await start(), await start()]
  // Later ones take the numbers of what was closed, and leave gaps below what is open.
  await first.program.write(Buffer.from('exit\n'))
  await first.ended
  const all = [...others, await start()]
  for (const { program, output } of all) {
    await expect.poll(output).toMatch(/[$#] $/)
    expect(await filesOf(program.pid)).toEqual([])
  }
  await Promise.all(all.map(({ program }) => program.write(Buffer.from('exit\n'))))
  await Promise.all(all.map(({ ended }) => ended))
})

test('passes on the last words of a program that ended while it was held up', async () => {
  const { program, ended, output } = await start()
  program.pause()
  await program.write(Buffer.from('echo "<$((6 * 7))>"; exit 3\n'))
  expect(await ended).toBe(3)
  expect(output()).toContain('<42>')
})

test('takes input for a program that is gone, and a size', async () => {
  const { program, ended } = await start()
  await program.write(Buffer.from('exit\n'))
  await ended
  await program.write(Buffer.from('nobody hears this'))
  program.resize(10, 10)
  program.pause()
  expect(program.unread).toBe(0)
})
