/**
 * The process of the Matrix client: `conversations.mjs` when it is built. It takes more memory than all the rest of the
 * computer, which is given back when nothing is said.
 */
import setGlobalVars from 'indexeddbshim'
import { describeError } from '../../log.ts'
import { type Account, ActProblem } from './account.ts'
import { type FromHost, type OpenAccount, type ToHost, toHost } from './host-protocol.ts'

// Before the library is loaded: it looks for them.
for (const name of ['trace', 'debug', 'log', 'info', 'warn', 'error'] as const)
  console[name] = () => undefined

const tell = (message: FromHost) => {
  if (process.connected) process.send?.(message)
}
const accounts = new Map<string, Promise<Account>>()
let isStored = false

async function open(account: OpenAccount): Promise<Account> {
  if (!isStored) {
    const { folder } = account
    setGlobalVars(Object(globalThis), {
      ...{ checkOrigin: false, addSQLiteExtension: true },
      ...{ databaseBasePath: folder, sysDatabaseBasePath: folder },
    })
    isStored = true
  }
  const { openAccountAt } = await import('./account.ts')
  return openAccountAt(account, tell)
}

async function perform({ number, as, act }: Extract<ToHost, { type: 'act' }>): Promise<void> {
  try {
    const account = await accounts.get(as)
    if (!account) throw new ActProblem('That account is not open.', true)
    tell({ type: 'done', number, id: await account.perform(act) })
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    tell({
      type: 'failed',
      number,
      problem: { words, isAgain: !(error instanceof ActProblem) || error.isAgain },
    })
  }
}

process.on('message', (message: unknown) => {
  const parsed = toHost.parse(message)
  if (parsed.type === 'open') {
    const { account } = parsed
    if (accounts.has(account.as)) return
    const opened = open(account)
    accounts.set(account.as, opened)
    opened.catch((error: unknown) => {
      tell({ type: 'log', message: 'the Matrix client did not open', details: describeError(error) })
      tell({ type: 'trouble', as: account.as, why: 'failed' })
    })
  } else if (parsed.type === 'act') void perform(parsed)
  else process.exit(0)
})
process.on('disconnect', () => process.exit(0))
process.on('unhandledRejection', (error) =>
  tell({ type: 'log', message: 'the Matrix client failed', details: describeError(error) }),
)
