import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { inOrder, link, textFile } from './rootfs.ts'
import { tar } from './tar.ts'

async function archive(entries: Parameters<typeof tar>[0]): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of tar(entries)) pieces.push(piece)
  return Buffer.concat(pieces)
}

it('writes folders, files and links as tar reads them, each folder before what is in it', async () => {
  const entries = inOrder([
    link('/usr/bin/ls', 'busybox'),
    textFile('/etc/motd', 'hello\n'),
    link('/bin', 'usr/bin'),
  ])
  const listed = execFileSync('tar', ['--numeric-owner', '--utc', '-tvf', '-'], {
    input: await archive(entries),
  })
  const lines = String(listed)
    .trim()
    .split('\n')
    .map((line) => line.replace(/ +/g, ' '))
  const rows = lines.map((line) => line.replace(/ \d+ 1970-01-01 00:00/, ''))
  expect(rows).toEqual([
    'drwxrwxrwt 0/0 tmp/',
    'drwxr-xr-x 0/0 home/',
    'drwxr-xr-x 10001/10001 home/matrixos/',
    'drwx------ 10001/10001 home/matrixos/home/',
    'drwxr-xr-x 0/0 etc/',
    'drwxr-xr-x 0/0 usr/',
    'drwxr-xr-x 0/0 usr/bin/',
    'lrwxrwxrwx 0/0 bin -> usr/bin',
    '-rw-r--r-- 0/0 etc/motd',
    'lrwxrwxrwx 0/0 usr/bin/ls -> busybox',
  ])
})

it('refuses what its format has no room for', async () => {
  await expect(archive([link('/x', 'y'.repeat(101))])).rejects.toThrow(/Too long a path/)
})
