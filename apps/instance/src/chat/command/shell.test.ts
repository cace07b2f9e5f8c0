import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../testing/folder.ts'
import { runShell } from './shell.ts'

const BASH = '/bin/bash'

test.runIf(existsSync(BASH) && existsSync('/usr/bin/git'))(
  'runs no program that a folder names which only looks like a repository',
  async () => {
    await using folder = await temporaryFolder()
    const at = (path: string) => join(folder.path, path)
    await Promise.all([mkdir(at('objects')), mkdir(at('refs'))])
    await writeFile(at('HEAD'), 'ref: refs/heads/main')
    const says =
      'repositoryformatversion = 0\nbare = false\nworktree = .\nfsmonitor = "echo ran >mark; false"'
    await writeFile(at('config'), `[core]\n${says}\n`)
    const { output } = await runShell({
      ...{ command: 'git status', folder: folder.path, shell: BASH, seconds: 20 },
      environment: { PATH: '/usr/bin:/bin', HOME: folder.path },
      signal: new AbortController().signal,
      onOutput: () => undefined,
    })
    expect(output).toContain('bareRepository')
    expect(existsSync(at('mark'))).toBe(false)
  },
)
