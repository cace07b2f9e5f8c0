/**
 * A command-line tool that logs its user in: prints where to go and what to type there, waits for the approval, and uses
 * the token it is given.
 *
 *     MATRIXOS_API=https://api.example.org node tests/clients/log-in.ts
 */
import { createApiClient, deviceLogin } from '@matrixos/client'

const { MATRIXOS_API: url = 'http://api.localhost:8080' } = process.env

const { token } = await deviceLogin({
  url,
  clientName: 'log-in example',
  scopes: ['tenant:read'],
  onCode: ({ userCode, url: page }) => console.log(`Go to ${page} and enter the code ${userCode}`),
})
const { handle, observed } = await createApiClient({ url, token }).tenants.mine.query()
console.log(`${handle} is ${observed}`)
