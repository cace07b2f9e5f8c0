import { expect, it } from 'vitest'
import type { ApiFetch } from './api-fetch.ts'
import { deviceLogin } from './device-login.ts'

const CODE = {
  ...{ device_code: 'd', user_code: 'BCDF-GHJK', expires_in: 600 },
  verification_uri: 'https://app.example.org/device',
  verification_uri_complete: 'https://app.example.org/device?code=BCDF-GHJK',
}
const GRANT = { access_token: 'mos_x', token_type: 'Bearer', expires_in: 60, scope: 'tenant:read feed:read' }
const refuse = (error: string) => Response.json({ error }, { status: 400 })

/** An api that answers the polls so, one after the other, and the pauses between them in seconds. */
function setUp(answers: (() => Response)[], code: Record<string, unknown> = CODE) {
  const waits: number[] = []
  const bodies: string[] = []
  const fetch: ApiFetch = async (input, init) => {
    bodies.push(String(init?.body))
    if (String(input).endsWith('/code')) return Response.json(code)
    const next = answers.shift()
    if (!next) throw new Error('Nobody expected one more poll.')
    return next()
  }
  const shown: unknown[] = []
  const login = deviceLogin({
    ...{ url: 'https://api.example.org', clientName: 'my tool', scopes: ['tenant:read', 'feed:read'], fetch },
    onCode: (told) => shown.push(told),
    wait: async (ms) => void waits.push(ms / 1000),
  })
  return { login, waits, bodies, shown }
}

it('shows the code and gives the token with what it is good for', async () => {
  const { login, bodies, shown } = setUp([() => Response.json(GRANT)])
  expect(await login).toEqual({ token: 'mos_x', scopes: ['tenant:read', 'feed:read'], expiresInS: 60 })
  expect(shown).toEqual([
    {
      userCode: 'BCDF-GHJK',
      url: CODE.verification_uri,
      completeUrl: CODE.verification_uri_complete,
      expiresInS: 600,
    },
  ])
  expect(bodies[0]).toBe('client_id=my+tool&scope=tenant%3Aread+feed%3Aread')
})

it('waits as long as it is told, 5 s if it is not, and longer after each slow_down', async () => {
  const polls = ['authorization_pending', 'slow_down', 'authorization_pending', 'slow_down']
  const { login, waits } = setUp([...polls.map((error) => () => refuse(error)), () => Response.json(GRANT)])
  await login
  expect(waits).toEqual([5, 5, 10, 10, 15])
  const slow = setUp([() => Response.json(GRANT)], { ...CODE, interval: 20 })
  await slow.login
  expect(slow.waits).toEqual([20])
})

it('goes on after a failing network, ever more rarely', async () => {
  const away = () => {
    throw new TypeError('fetch failed')
  }
  const { login, waits } = setUp([away, away, away, () => Response.json(GRANT)])
  await login
  expect(waits).toEqual([5, 10, 20, 40])
})

it.each(['access_denied', 'expired_token', 'invalid_grant'])('ends with %s', async (error) => {
  const { login } = setUp([() => refuse('authorization_pending'), () => refuse(error)])
  await expect(login).rejects.toMatchObject({ name: 'DeviceLoginError', code: error })
})

it('does not go on for longer than the code is good for', async () => {
  const { login, waits } = setUp(
    [1, 2].map(() => () => refuse('authorization_pending')),
    { ...CODE, expires_in: 10 },
  )
  await expect(login).rejects.toMatchObject({ code: 'authorization_pending' })
  expect(waits).toEqual([5, 5])
})

it('ends with an answer that it does not understand', async () => {
  const { login } = setUp([() => Response.json({ token: 'x' })])
  await expect(login).rejects.toThrow()
})
