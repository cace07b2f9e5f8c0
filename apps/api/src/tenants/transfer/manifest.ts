/** What an archive says of itself. */
import { type HomeManifest, homeManifestSchema } from '@matrixos/shared'
import { AppError } from '../../errors.ts'

/** Throws `invalid_input`. */
export function manifestOf(text: string): HomeManifest {
  const read = homeManifestSchema.safeParse(parsed(text))
  if (read.success) return read.data
  throw new AppError('invalid_input', 'This archive is not an export of a computer, or of a newer version.')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
