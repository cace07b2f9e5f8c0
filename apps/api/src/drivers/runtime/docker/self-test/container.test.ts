import { expect, it } from 'vitest'
import type { DockerContext } from '../context.ts'
import { SELF_TEST_LABEL } from '../labels.ts'
import { discardLeft, startTester } from './container.ts'

const BRIDGE = { networkName: 'net', subnet: '10.201.0.0/22' }
const settings = { platformId: 'here', user: { uid: 1, gid: 1 } }

/** An engine that removes nothing, so busy is it. */
function busyEngine(there: { Id: string; Created: number }[] = []) {
  const asked: string[] = []
  const filters: unknown[] = []
  const containerOf = (id: string) => ({
    id,
    start: async () => {},
    inspect: async () => ({ NetworkSettings: { Networks: { net: { IPAddress: '10.201.2.1' } } } }),
    remove: async () => {
      asked.push(id)
      throw new Error('The engine did not answer in time.')
    },
  })
  const engine = {
    createContainer: async () => containerOf('new'),
    getContainer: containerOf,
    listContainers: async (options: { filters: unknown }) => {
      filters.push(options.filters)
      return there
    },
  }
  const images = { get: async () => ({ id: 'sha256:1' }) }
  return { asked, filters, context: { engine, images, settings } as unknown as DockerContext }
}

it('loses nothing of what was found to a container that cannot be removed at once', async () => {
  const { context, asked } = busyEngine()
  const looked = async () => {
    await using tester = await startTester(context, { image: 'image', bridge: BRIDGE })
    return tester.address
  }
  expect(await looked()).toBe('10.201.2.1')
  expect(asked).toEqual(['new'])
})

it('removes what a kill has left, and no test of another process', async () => {
  const now = Date.now() / 1_000
  const { context, asked, filters } = busyEngine([
    { Id: 'old', Created: now - 600 },
    { Id: 'older', Created: now - 86_400 },
    { Id: 'of another process', Created: now - 30 },
  ])
  await discardLeft(context)
  expect(asked).toEqual(['old', 'older'])
  expect(filters).toEqual([{ label: [`${SELF_TEST_LABEL}=here`] }])
})
