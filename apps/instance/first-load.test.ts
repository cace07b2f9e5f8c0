import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { firstLoadBytes } from './first-load.ts'
import { temporaryFolder } from './src/testing/folder.ts'

test('counts the page, its script, what that imports, and its styles, and no part that loads later', async () => {
  await using folder = await temporaryFolder()
  await mkdir(join(folder.path, 'assets'))
  for (const name of ['index.js', 'react.js', 'index.css', 'part.js']) {
    await writeFile(join(folder.path, 'assets', name), randomBytes(10_000))
  }
  await writeFile(
    join(folder.path, 'index.html'),
    `<script type="module" crossorigin src="/assets/index.js"></script>
     <link rel="modulepreload" crossorigin href="/assets/react.js">
     <link rel="stylesheet" crossorigin href="/assets/index.css">
     <link rel="icon" href="/icon.svg">`,
  )
  const bytes = await firstLoadBytes(folder.path)
  expect(bytes).toBeGreaterThan(30_000)
  expect(bytes).toBeLessThan(32_000)
})
