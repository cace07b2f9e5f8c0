import { expect, it } from 'vitest'
import { healthSchema, INSTANCE_IMAGES, imageKindOf, isGatewayPath } from './contract.ts'

it.each(['/api/x', '/files/a?b', '/modules/m', '/health', '/health?x', '/ws'])(
  'sends %s to the gateway',
  (path) => {
    expect(isGatewayPath(path, false)).toBe(true)
  },
)

it.each(['/', '/apix', '/healthy', '/filesystem', '/index.html?api/'])('sends %s to the shell', (path) => {
  expect(isGatewayPath(path, false)).toBe(false)
})

it('sends every WebSocket to the gateway', () => expect(isGatewayPath('/', true)).toBe(true))

it('asks health for its word', () => {
  expect(healthSchema.safeParse({ status: 'ok', more: 1 }).success).toBe(true)
  expect(healthSchema.safeParse({ status: 'starting' }).success).toBe(false)
})

it('knows the reference images by their names, and no other', () => {
  expect(imageKindOf(INSTANCE_IMAGES.slim)).toBe('slim')
  expect(imageKindOf(INSTANCE_IMAGES.full)).toBe('full')
  expect(imageKindOf('registry.example/matrixos-instance:full')).toBeNull()
})
