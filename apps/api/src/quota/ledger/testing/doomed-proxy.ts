/** Writes calls until it is killed: `node doomed-proxy.ts DATABASE_URL PROXY_ID PEOPLE_JSON`. */
import { z } from 'zod'
import { openPostgres } from '../../../drivers/database/postgres/index.ts'
import { createGroupCommit } from '../group-commit.ts'
import { createLedger } from '../store.ts'
import { personWith } from './people.ts'
import { randomCalls } from './random-calls.ts'

const [url = '', proxyId = '', list = '[]'] = process.argv.slice(2)
const idsSchema = z.array(
  z.object({
    userId: z.templateLiteral(['usr_', z.string()]),
    instanceId: z.templateLiteral(['ins_', z.string()]),
  }),
)
const people = idsSchema.parse(JSON.parse(list)).map(personWith)
const ledger = createLedger(openPostgres({ url, maxConnections: 2, statementTimeoutMs: 60_000 }))
const commits = createGroupCommit(ledger.apply)
const below = (n: number) => Math.floor(Math.random() * n)

process.stdout.write('ready\n')
await Promise.all(
  Array.from({ length: 16 }, () =>
    randomCalls({ run: commits.run, people, below, proxyId, calls: Number.POSITIVE_INFINITY }),
  ),
)
