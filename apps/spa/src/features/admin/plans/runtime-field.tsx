/** What runs a plan's containers. */
import { OCI_RUNTIMES, type OciRuntime } from '@matrixos/shared'
import { SelectField } from '../../../ui/select-field.tsx'

const NAMES: Record<OciRuntime, string> = {
  runc: 'runc',
  runsc: 'gVisor',
}

const OPTIONS: Record<OciRuntime, string> = {
  runc: 'The server’s kernel (runc): fast',
  runsc: 'A kernel of its own (gVisor): a stronger wall, slower',
}

export interface RuntimeFieldProps {
  /** Empty: the server's setting. */
  value: OciRuntime | ''
  fallback: OciRuntime
  /** What the server has. */
  offered: readonly OciRuntime[]
  onChange: (value: OciRuntime | '') => void
}

export const RuntimeField = ({ value, fallback, offered, onChange }: RuntimeFieldProps) => (
  <div className="mt-2">
    <SelectField
      label="Runs on"
      name="ociRuntime"
      value={value}
      onChange={({ target }) => onChange(OCI_RUNTIMES.find((name) => name === target.value) ?? '')}
    >
      <option value="">Server’s setting: {NAMES[fallback]}</option>
      {OCI_RUNTIMES.filter((name) => offered.includes(name) || name === value).map((name) => (
        <option key={name} value={name}>
          {OPTIONS[name]}
        </option>
      ))}
    </SelectField>
    <p className="mt-2 text-muted text-sm">Counts for each computer from its next start.</p>
  </div>
)
