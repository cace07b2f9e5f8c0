/** The plain archive of a home, which says whose it is and when it was made. */
import type { HomeManifest, UserId } from '@matrixos/shared'
import type { Clock } from '../../clock.ts'
import type { Bytes, HomeTransfer } from '../../ports/home-transfer.ts'
import type { MovedRow } from './service.ts'

export interface HomeArchiveOptions {
  transfer: Pick<HomeTransfer, 'pack'>
  displayNameOf: (userId: UserId) => Promise<string>
  version: string
  clock: Pick<Clock, 'now'>
}

/** `signal` ends it early. */
export const createHomeArchive =
  ({ transfer, displayNameOf, version, clock }: HomeArchiveOptions) =>
  async (row: MovedRow, signal: AbortSignal): Promise<Bytes> => {
    const manifest: HomeManifest = {
      ...{ format: 'matrixos-home', version: 1, handle: row.handle, platform: version },
      displayName: await displayNameOf(row.userId),
      exportedAt: new Date(clock.now()).toISOString(),
    }
    return transfer.pack(row, `${JSON.stringify(manifest, null, 2)}\n`, signal)
  }
