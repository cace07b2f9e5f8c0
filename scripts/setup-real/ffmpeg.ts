/** ffmpeg and a font for apps' icons: what records the landing page's film (`npm run video`). */
import { findOnPath } from '@matrixos/host/parts'
import type { PartSetup } from './report.ts'
import type { System } from './system.ts'

export const ffmpegSetup = (system: System): PartSetup => ({
  part: 'ffmpeg',
  use: "the landing page's film",
  advice: () => 'install ffmpeg and a font with emoji',
  isThere: async () => findOnPath('ffmpeg') !== null,
  install: async () => {
    await system.aptInstall(['ffmpeg', 'fonts-noto-color-emoji'])
    return 'installed'
  },
})
