/** `npm run admin`: says on the server who is an administrator, and grants AI credits. The platform must be running. */
import { showError, UserError } from '@matrixos/host/root'
import { amountSchema, formatUsd, normalizeHandle, oneTimeLinkViewSchema, parseUsd } from '@matrixos/shared'
import { z } from 'zod'
import { serviceOf } from './admin/place.ts'
import { callService } from './admin/service-call.ts'
import { exportHome, importHome } from './admin/transfer.ts'

const USAGE = `Usage:
  npm run admin -- grant HANDLE    print a link that makes this person an administrator:
                                   for them alone, once, within an hour
  npm run admin -- revoke HANDLE   make them an ordinary member, at once; also the last administrator
  npm run admin -- list            show the administrators
  npm run admin -- credits HANDLE AMOUNT
                                   grant this person more AI credits, in USD
  npm run admin -- limit HANDLE AMOUNT|plan
                                   what this person may spend on AI, before grants, in USD; plan: as everybody
  npm run admin -- enrol HANDLE    print a link by which this person adds a passkey, once, within a day:
                                   for whoever has lost all of theirs
  npm run admin -- export HANDLE FILE
                                   write this person's computer to an archive; -: to standard output
  npm run admin -- import HANDLE FILE
                                   put an archive in the place of this person's home; -: from standard input.
                                   The home before is kept for 7 days
  npm run admin -- undo-import HANDLE
                                   go back to that home
  npm run admin -- confirm-import HANDLE
                                   delete that home now
  npm run admin -- webhook-secret  print what ALERT_WEBHOOK_URL's calls are signed with

The person must have an account. DATA_DIR and RUN_DIR count as for npm start.`

const adminsSchema = z.array(z.object({ handle: z.string(), lastSeenAt: z.string().nullable() }))

const secretSchema = z.object({ secret: z.string() })
const limitSchema = z.object({ limit: z.string() })

async function main([command, handle, ...rest]: string[]): Promise<void> {
  if (command === undefined || command === 'help' || command === '--help') return console.log(USAGE)
  const call = (path: string, input?: unknown) => callService(serviceOf(process.env), path, input)
  if (command === 'list' && handle === undefined)
    return show(adminsSchema.parse(await call('admin.server.list')))
  if (command === 'webhook-secret' && handle === undefined)
    return console.log(secretSchema.parse(await call('admin.quota.server.webhookSecret')).secret)
  if (command === 'credits' && handle && rest.length === 1) return grantCredits(call, handle, rest[0] ?? '')
  if (command === 'limit' && handle && rest.length === 1) return limitCredits(call, handle, rest[0] ?? '')
  if (command === 'export' && handle && rest.length === 1)
    return exportHome(serviceOf(process.env), normalizeHandle(handle), rest[0] ?? '')
  if (command === 'import' && handle && rest.length === 1)
    return importHome(serviceOf(process.env), normalizeHandle(handle), rest[0] ?? '')
  if (!handle || rest.length > 0) throw new UserError(USAGE)
  const name = normalizeHandle(handle)
  if (command === 'undo-import') {
    await call('transfer.server.takeBack', { handle: name })
    return console.log(`${name} has the home back that was there before the last import.`)
  }
  if (command === 'confirm-import') {
    await call('transfer.server.confirm', { handle: name })
    return console.log(`The home that ${name} had before the last import is deleted.`)
  }
  if (command === 'enrol') {
    const { url } = oneTimeLinkViewSchema.parse(await call('admin.server.enrol', { handle: name }))
    return console.log(`Let ${name} open this link within 24 hours. It adds one passkey, once:\n\n${url}\n`)
  }
  if (command === 'grant') {
    const { url, expiresAt } = oneTimeLinkViewSchema.parse(await call('admin.server.grant', { handle: name }))
    const until = new Date(expiresAt).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
    console.log(
      `Let ${name} open this link, signed in, before ${until}. It works once, and for them alone:\n\n${url}\n`,
    )
  } else if (command === 'revoke') {
    await call('admin.server.revoke', { handle: name })
    console.log(`${name} is an ordinary member from now on.`)
  } else throw new UserError(USAGE)
}

type Call = (path: string, input?: unknown) => Promise<unknown>

async function grantCredits(call: Call, handle: string, typed: string): Promise<void> {
  const { success, data: amount, error } = amountSchema.safeParse(typed)
  if (!success) throw new UserError(error.issues[0]?.message ?? USAGE)
  const name = normalizeHandle(handle)
  const { limit } = limitSchema.parse(await call('admin.quota.server.grant', { handle: name, amount }))
  const shown = formatUsd(parseUsd(amount))
  console.log(`${name} was granted $${shown}, and may spend $${limit} in all from now on.`)
}

async function limitCredits(call: Call, handle: string, typed: string): Promise<void> {
  const { success, data, error } = amountSchema.or(z.literal(['0', 'plan'])).safeParse(typed)
  if (!success) throw new UserError(error.issues[0]?.message ?? USAGE)
  const name = normalizeHandle(handle)
  const credits = data === 'plan' ? null : data
  const { limit } = limitSchema.parse(await call('admin.quota.server.limit', { handle: name, credits }))
  console.log(`${name} may spend $${limit} on AI in all from now on.`)
}

function show(admins: z.infer<typeof adminsSchema>): void {
  if (admins.length === 0) console.log('There is no administrator. Make one: npm run admin -- grant HANDLE')
  for (const { handle, lastSeenAt } of admins)
    console.log(`${handle.padEnd(34)}${lastSeenAt ? `last seen ${lastSeenAt}` : 'not seen yet'}`)
}

main(process.argv.slice(2)).catch(showError)
