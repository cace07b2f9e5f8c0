/** `npm run prices`: what models cost, and what changed. With DATABASE_URL, administrators' edits count too. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, showError, UserError } from '@matrixos/host/root'
import type { ModelPrice } from '@matrixos/shared'
import { z } from 'zod'
import { openPostgres } from '../apps/api/src/drivers/database/postgres/index.ts'
import { builtInPrices, createPrices } from '../apps/api/src/quota/prices/book.ts'
import {
  dayOf,
  describePrice,
  snapshotChanges,
  snapshotOf,
  sourceDifferences,
} from '../apps/api/src/quota/prices/changes.ts'
import { filePrices } from '../apps/api/src/quota/prices/file.ts'
import { packagePrices } from '../apps/api/src/quota/prices/package.ts'
import { createPriceStore } from '../apps/api/src/quota/prices/store.ts'

const USAGE = `Usage:
  npm run prices                      what counts now, and what will
  npm run prices -- 2026-12-01        the same as of a day, from its beginning in UTC
  npm run prices -- changes           what the installed package changed since somebody last looked, and what
                                      the repository's file and administrators put in front of it
  npm run prices -- changes --write   the same, and notes that somebody has looked

With DATABASE_URL (or DATABASE_URL_FILE) the edits of that platform's administrators count as well.`

const SNAPSHOT = join(ROOT, 'apps/api/src/quota/prices/package-prices.json')
const snapshotSchema = z.record(z.string(), z.string())
const daySchema = z.iso.date()

async function main([command, ...rest]: string[]): Promise<void> {
  if (command === undefined) return show(await allPrices(), new Date())
  if (command === 'changes' && rest.every((word) => word === '--write'))
    return changes(await allPrices(), rest.length > 0)
  const day = daySchema.safeParse(command)
  if (!day.success || rest.length > 0) throw new UserError(USAGE)
  show(await allPrices(), new Date(`${day.data}T00:00:00Z`))
}

async function allPrices(): Promise<ModelPrice[]> {
  const { DATABASE_URL, DATABASE_URL_FILE } = process.env
  const url = DATABASE_URL || (DATABASE_URL_FILE && readFileSync(DATABASE_URL_FILE, 'utf8').trim())
  const builtIn = builtInPrices(packagePrices(), filePrices())
  return url ? [...builtIn, ...(await editedPrices(url))] : builtIn
}

async function editedPrices(url: string): Promise<ModelPrice[]> {
  const database = openPostgres({ url, maxConnections: 1, statementTimeoutMs: 10_000 })
  try {
    return (await createPriceStore(database).current()).map(({ price }) => price)
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new UserError(
      `The edits cannot be read from DATABASE_URL: ${reason}. A platform of this version must have been started on it.`,
    )
  } finally {
    await database.close()
  }
}

function show(prices: readonly ModelPrice[], at: Date): void {
  console.log(
    'USD per million tokens: input / written for 5 minutes / for an hour / read / output; per 1,000 searches',
  )
  for (const { price, effectiveUntil } of createPrices(prices).list(at)) {
    const time = [
      price.effectiveFrom > at && `from ${price.effectiveFrom.toISOString()}`,
      effectiveUntil && `until ${effectiveUntil.toISOString()}`,
    ]
    const name = `${price.provider.padEnd(10)}${price.model.padEnd(28)}`
    console.log(
      [`${name}${price.source.padEnd(8)}${describePrice(price)}`, ...time].filter(Boolean).join(', '),
    )
  }
}

function changes(prices: readonly ModelPrice[], isWriting: boolean): void {
  const now = snapshotOf(packagePrices())
  const found = snapshotChanges(snapshotSchema.parse(JSON.parse(readFileSync(SNAPSHOT, 'utf8'))), now)
  console.log(`The package, since somebody last looked: ${found.length === 0 ? 'no change' : ''}`)
  for (const line of found) console.log(`  ${line}`)
  console.log(`In front of it, on ${dayOf(new Date())}:`)
  for (const line of sourceDifferences(prices, new Date())) console.log(`  ${line}`)
  if (isWriting) writeFileSync(SNAPSHOT, `${JSON.stringify(now, null, 2)}\n`)
}

main(process.argv.slice(2)).catch(showError)
