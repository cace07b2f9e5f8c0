/** The programs of this folder against a whole platform, as somebody would run them in a terminal. */
import { signUp } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import { until } from '@matrixos/testing/until'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startProgram } from '../support/program.ts'
import { bootStack, STACKS, type Stack } from '../support/stack.ts'

const TOKEN = /mos_[\w-]{49}/

for (const { name, parts, needs } of STACKS) {
  describeReal(needs, `programs with a token (${name})`, () => {
    let stack: Stack
    beforeAll(async () => {
      stack = await bootStack({ parts })
    })
    afterAll(() => stack?.[Symbol.asyncDispose]())

    async function person(handle: string) {
      const client = stack.client()
      await signUp({ client, authenticator: createAuthenticator(), handle })
      return client
    }

    it('read their owner’s instance, and are refused everything else', async () => {
      const client = await person('scripted')
      const order = { name: 'script', scopes: ['tenant:read' as const] }
      const { token, view } = await client.trpc.tokens.create.mutate(order)
      const env = { MATRIXOS_API: stack.hosts.apiOrigin, MATRIXOS_TOKEN: token }
      await using first = startProgram('tests/clients/read-own-instance.ts', env)
      expect(await first.ended, first.output()).toBe(0)
      expect(first.output().trim().split('\n')).toEqual([
        expect.stringMatching(/^scripted is (creating|starting|running)$/),
        'wake: 403 This token lacks the scope tenant:control. Create one that has it.',
        'sleep: 403 This token lacks the scope tenant:control. Create one that has it.',
        'delete: 403 This cannot be done with a token. Sign in to the website instead.',
      ])
      await client.trpc.tokens.revoke.mutate({ id: view.id })
      await using second = startProgram('tests/clients/read-own-instance.ts', env)
      expect(await second.ended).not.toBe(0)
      expect(second.output()).toContain('This API token was revoked, or never existed.')
    })

    it('log in from a terminal: they print a code, somebody approves it, they go on', async () => {
      const client = await person('typist')
      await using program = startProgram('tests/clients/log-in.ts', { MATRIXOS_API: stack.hosts.apiOrigin })
      const [, page = '', userCode = ''] = await until('it prints where to go', () =>
        /Go to (\S+) and enter the code ([A-Z]{4}-[A-Z]{4})/.exec(program.output()),
      )
      expect(page).toBe(`${stack.hosts.appOrigin}/device`)
      const shown = await client.trpc.device.inspect.mutate({ userCode })
      expect(shown).toMatchObject({ clientName: 'log-in example', scopes: ['tenant:read'] })
      // The address that its own edge saw.
      expect(shown.address).toMatch(/^(::ffff:)?127\.|^::1$/)
      await client.trpc.device.approve.mutate({ userCode })
      expect(await program.ended, program.output()).toBe(0)
      expect(program.output()).toMatch(/typist is (creating|starting|running)/)
      expect(program.output()).not.toMatch(TOKEN)
      const [token] = await client.trpc.tokens.list.query()
      expect(token).toMatchObject({ name: 'log-in example', scopes: ['tenant:read'] })
    })
  })
}
