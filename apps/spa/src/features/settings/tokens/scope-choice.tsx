/** What a token may do, each scope in words and by the name that programs know it by. */
import { SCOPE_TEXTS, type Scope } from '@matrixos/shared'
import { capitalized } from '../../../lib/texts.ts'
import { Checkbox } from '../../../ui/checkbox.tsx'

export interface ScopeChoiceProps {
  offered: readonly Scope[]
  chosen: readonly Scope[]
  onChange: (chosen: Scope[]) => void
}

export const ScopeChoice = ({ offered, chosen, onChange }: ScopeChoiceProps) => (
  <fieldset className="mt-5">
    <legend className="font-medium text-sm">Permissions</legend>
    <div className="mt-3 space-y-3">
      {offered.map((scope) => (
        <Checkbox
          key={scope}
          label={capitalized(SCOPE_TEXTS[scope])}
          hint={<code>{scope}</code>}
          checked={chosen.includes(scope)}
          onChange={({ target }) =>
            onChange(offered.filter((one) => (one === scope ? target.checked : chosen.includes(one))))
          }
        />
      ))}
    </div>
  </fieldset>
)
