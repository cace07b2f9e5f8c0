import { FULL_IMAGE_BASE } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { ensureDebian, recipeOf } from './debian.ts'
import type { Engine, FoundImage } from './engine.ts'

const NODE = '/opt/node/bin/node'
const NOW = new Date('2026-03-01T12:00:00Z')

/** On a machine where nothing can be built: it has no programs. */
function onMachine(found: FoundImage | null) {
  const said: string[] = []
  const impossible = async () => {
    throw new Error('Nothing is to be built here.')
  }
  const engine: Engine = {
    architecture: async () => process.arch,
    find: async (tag) => (tag === FULL_IMAGE_BASE ? found : null),
    importImage: impossible,
    extendImage: impossible,
    removeUnused: impossible,
  }
  const ensure = (isFresh = false) =>
    ensureDebian({
      ...{ engine, node: NODE, now: NOW, isFresh },
      log: (line) => said.push(line),
      env: { PATH: '' },
    })
  return { ensure, said }
}

const image = (content: string, createdAt = NOW): FoundImage => ({ id: 'i', content, createdAt })

it('leaves one alone that is made as it would be now, and says when it has aged', async () => {
  const recipe = await recipeOf({ node: NODE })
  const young = onMachine(image(recipe))
  expect(await young.ensure()).toBe(recipe)
  expect(young.said).toEqual([])
  const old = onMachine(image(recipe, new Date(NOW.getTime() - 60 * 86_400_000)))
  expect(await old.ensure()).toBe(recipe)
  expect(old.said.join()).toMatch(/60 days old.*npm run instance:image -- full --fresh/)
})

it('says what it takes where it cannot be made, and how to build the image elsewhere', async () => {
  await expect(onMachine(null).ensure()).rejects.toThrow(/takes root|unshare.*docker build --target full/)
})

it('makes do with an earlier one where it cannot be made, unless a fresh one is wanted', async () => {
  const { ensure, said } = onMachine(image('earlier'))
  expect(await ensure()).toBe('earlier')
  expect(said.join()).toMatch(/The Debian of an earlier version is used/)
  await expect(ensure(true)).rejects.toThrow(/docker build --target full/)
})
