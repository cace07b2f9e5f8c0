/** What an image's labels declare. Containers inherit them, so both are read here. */
import { GATEWAY_PORT, LABELS, SHELL_PORT } from '@matrixos/shared'

export interface ImageTraits {
  gatewayPort: number
  shellPort: number | null
  /** The image says nothing of its ports. */
  shellIsAssumed: boolean
  hardened: boolean
  trust: 'edge' | 'bearer'
  readsRoles: boolean
  readsApps: boolean
}

const portOf = (label: string | undefined): number | null => {
  const port = Number(label)
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : null
}

/** An image that declares its gateway port declares its shell port too, or has none. One without labels may have both. */
export function traitsOf(labels: Readonly<Record<string, string>>): ImageTraits {
  const gateway = portOf(labels[LABELS.gatewayPort])
  const shell = portOf(labels[LABELS.shellPort])
  return {
    gatewayPort: gateway ?? GATEWAY_PORT,
    shellPort: shell ?? (gateway === null ? SHELL_PORT : null),
    shellIsAssumed: shell === null && gateway === null,
    hardened: labels[LABELS.hardened] === '1',
    trust: labels[LABELS.trust] === 'edge' ? 'edge' : 'bearer',
    readsRoles: labels[LABELS.roles] === '1',
    readsApps: labels[LABELS.apps] === '1',
  }
}
