import { expect, test } from 'vitest'
import { startProgram } from './program.ts'

async function start() {
  const pieces: Buffer[] = []
  const ended = Promise.withResolvers<number>()
  const program = await startProgram({
    ...{ shell: '/bin/sh', folder: '/', columns: 80, rows: 24 },
    environment: { PATH: '/usr/bin:/bin', PS1: '> ' },
    onOutput: (bytes) => void pieces.push(bytes),
    onEnd: ended.resolve,
  })
  return { program, ended: ended.promise, output: () => Buffer.concat(pieces).toString() }
}

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
