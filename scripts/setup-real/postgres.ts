/** PostgreSQL: Debian's package, with the platform's own role and database. */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { findOnPath, portAnswers, postgresUrl, postgresUrlFile } from '@matrixos/host/parts'
import { UserError } from '@matrixos/host/root'
import { runCommand } from '@matrixos/host/run-command'
import type { PartSetup } from './report.ts'
import { eventually, lastLines, type System } from './system.ts'

const NAME = 'matrixos'
const START_TIMEOUT_MS = 30_000

export const postgresSetup = (system: System): PartSetup => ({
  part: 'PostgreSQL',
  use: 'the production database',
  advice: (isMac) =>
    `${isMac ? 'brew install postgresql@17 and start it' : 'install and start PostgreSQL 15 or newer'}, make a role that may create ` +
    'databases, and set it: export TEST_DATABASE_URL=postgres://USER:PASSWORD@127.0.0.1:5432/DATABASE',
  isThere: async () => {
    const url = await postgresUrl()
    return url !== null && (await canLogIn(url))
  },
  install: async () => {
    const steps: string[] = []
    if (!findOnPath('pg_lsclusters')) {
      await system.aptInstall(['postgresql'])
      steps.push('installed')
    }
    const cluster = await findCluster()
    if (!(await portAnswers('127.0.0.1', cluster.port))) {
      await startCluster(system, cluster)
      steps.push('started')
    }
    await ensureRole(cluster.port)
    return [...steps, `role and database "${NAME}" ready`].join(', ')
  },
})

/** Without `psql` the open port has to do. */
async function canLogIn(url: string): Promise<boolean> {
  if (!findOnPath('psql')) return true
  const { password } = new URL(url)
  const bare = new URL(url)
  bare.password = ''
  const env = { ...process.env, PGPASSWORD: decodeURIComponent(password), PGCONNECT_TIMEOUT: '5' }
  const question = 'select rolcreatedb from pg_roles where rolname = current_user'
  const { code, output } = await runCommand('psql', ['-XAtd', bare.href, '-c', question], { env })
  return code === 0 && output.trim() === 't'
}

interface Cluster {
  version: string
  name: string
  port: number
}

/** The cluster at 5432, else the first one. */
async function findCluster(): Promise<Cluster> {
  const { output } = await runCommand('pg_lsclusters', ['-h'])
  const clusters = output
    .trim()
    .split('\n')
    .map((line) => line.split(/\s+/))
    .map(([version = '', name = '', port = '']) => ({ version, name, port: Number(port) }))
    .filter(({ port }) => port > 0)
  const found = clusters.find(({ port }) => port === 5432) ?? clusters[0]
  if (found) return found
  throw new UserError(
    'PostgreSQL is installed without a cluster. Create one: pg_createcluster 15 main --start',
  )
}

async function startCluster(system: System, { version, name, port }: Cluster): Promise<void> {
  const { output } = system.hasSystemd
    ? await runCommand('systemctl', ['enable', '--now', `postgresql@${version}-${name}`])
    : await runCommand('pg_ctlcluster', [version, name, 'start'])
  if (await eventually(() => portAnswers('127.0.0.1', port), START_TIMEOUT_MS)) return
  throw new UserError(`PostgreSQL is not responding at 127.0.0.1:${port}:\n${lastLines(output)}`)
}

/** The password goes by standard input: no process list shows it. An earlier one is kept. */
async function ensureRole(port: number): Promise<void> {
  const file = postgresUrlFile()
  const earlier = existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
  const known = URL.canParse(earlier) ? new URL(earlier).password : ''
  const password = /^[\w-]{20,}$/.test(known) ? known : randomBytes(24).toString('base64url')
  const sql = `
    select 'create role ${NAME}' where not exists (select from pg_roles where rolname = '${NAME}') \\gexec
    alter role ${NAME} login createdb password '${password}';
    select 'create database ${NAME} owner ${NAME}'
      where not exists (select from pg_database where datname = '${NAME}') \\gexec
  `
  const psql = ['-u', 'postgres', '--', 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-p', String(port)]
  const { code, output } = await runCommand('runuser', psql, { input: sql, cwd: '/' })
  if (code !== 0) throw new UserError(`The role could not be created:\n${lastLines(output)}`)
  writePrivately(file, `postgres://${NAME}:${password}@127.0.0.1:${port}/${NAME}\n`)
}

function writePrivately(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.new`, text, { mode: 0o600 })
  renameSync(`${path}.new`, path)
}
