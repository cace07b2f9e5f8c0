/** Chromium: for the tests that use the platform as people do. */

import { chromiumPath } from '@matrixos/host/parts'
import { UserError } from '@matrixos/host/root'
import type { PartSetup } from './report.ts'
import type { System } from './system.ts'

export const chromiumSetup = (system: System): PartSetup => ({
  part: 'Chromium',
  use: 'tests in a real browser',
  advice: () => 'install Chromium or Google Chrome, or set CHROMIUM_BIN to one',
  isThere: async () => chromiumPath() !== null,
  install: async () => {
    // Not every release has the smaller one.
    await system.aptInstall(['chromium-headless-shell']).catch(() => system.aptInstall(['chromium']))
    if (chromiumPath() === null)
      throw new UserError('The package "chromium" contains no browser on this distribution')
    return 'installed'
  },
})
