/** Wires the administration of prices. Calls are priced by the proxy, with a book of its own. */
import type { Audit } from '../../audit/store.ts'
import type { Clock } from '../../clock.ts'
import type { Database } from '../../db/database.ts'
import type { Notifications } from '../../db/notifications.ts'
import { builtInPrices } from './book.ts'
import { filePrices } from './file.ts'
import { packagePrices } from './package.ts'
import { createPriceAdministration } from './service.ts'
import { createPriceStore } from './store.ts'

export interface PricesModuleOptions {
  database: Database
  notifications: Pick<Notifications, 'publish'>
  audit: Audit
  clock: Clock
}

export const createPricesModule = ({ database, ...options }: PricesModuleOptions) =>
  createPriceAdministration({
    ...{ ...options, db: database.db, store: createPriceStore(database) },
    builtIn: builtInPrices(packagePrices(), filePrices()),
  })
