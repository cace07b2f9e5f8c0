import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeReal } from '@matrixos/testing/describe-real'
import { createLocalHomes } from '../local/index.ts'
import { homeStoreContract } from '../testing/contract.ts'
import { createImageForm } from './image-form.ts'
import { unmountBelow } from './mounts.ts'

const MIB = 1_048_576

describeReal(['docker'], 'homes in images', () => {
  homeStoreContract('the home store of images', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mos-loop-'))
    const form = createImageForm({ storage: { diskBytes: 32 * MIB, inodes: 512 } })
    return {
      open: () => createLocalHomes({ instancesDir: folder, form }),
      [Symbol.asyncDispose]: async () => {
        await unmountBelow(folder)
        rmSync(folder, { recursive: true })
      },
    }
  })
})
