import type { InstanceRow } from '../tenants/store.ts'

/** While an idle instance is about to be put to sleep, every way in leads through the database. */
export const isAwake = (row: InstanceRow): boolean =>
  row.observed === 'running' && row.desired === 'awake' && row.address !== null && row.closingAt === null
