/** Contract: the homeserver's own host, where the platform has one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Setup, type StartEdge, setUp } from './setup.ts'

const MATRIX = 'matrix.localhost'

export function homeserverCases(start: StartEdge): void {
  describe('with a homeserver', () => {
    let setup: Setup
    beforeAll(async () => {
      setup = await setUp(start, { hasHomeserver: true })
    })
    afterAll(() => setup?.[Symbol.asyncDispose]())

    it.each([
      '/_matrix/client/versions',
      '/_matrix/media/v3/config?x=/../',
      '/_matrix/client/v3/rooms/!a%2Fb/x',
    ])('passes %s on, and asks no gate', async (path) => {
      const headers = { authorization: 'Bearer mine', cookie: '__Host-mos_a=1; b=2', 'x-mos-user': 'eve' }
      const seen = await setup.echo({ host: MATRIX, path, headers })
      expect(seen.url).toBe(path)
      expect(seen.headers).toMatchObject({
        authorization: ['Bearer mine'],
        host: [MATRIX],
        'x-forwarded-for': ['127.0.0.1'],
      })
      expect(seen.headers).not.toHaveProperty('cookie')
      expect(seen.headers).not.toHaveProperty('x-mos-user')
      expect(setup.platform.asked).toEqual([])
    })

    it.each(['r0', 'v3'])('lets the platform answer who signs in at %s', async (version) => {
      const path = `/_matrix/client/${version}/login`
      const seen = JSON.parse((await setup.fetch({ host: MATRIX, path })).text)
      expect(seen).toMatchObject({ service: 'api', url: path })
    })

    it.each(['/', '/_synapse/admin/v1/users', '/_matrix/app/v1/transactions/1', '//_matrix/client/versions'])(
      'passes nothing else on: %s',
      async (path) => {
        expect((await setup.fetch({ host: MATRIX, path })).status).toBe(404)
        expect(setup.platform.asked).toEqual([])
      },
    )
  })
}
