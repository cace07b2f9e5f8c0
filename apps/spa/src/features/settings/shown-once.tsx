/** A secret just made: shown this once, to be copied. */
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { DialogActions } from '../../ui/dialog.tsx'

export interface ShownOnceProps {
  secret: string
  /** Of the button: "Copy token". */
  copyLabel: string
  onDone: () => void
}

export const ShownOnce = ({ secret, copyLabel, onDone }: ShownOnceProps) => (
  <>
    <div className="mt-5 rounded-control border border-line bg-sunken p-4">
      <code className="block select-all break-all text-sm leading-6">{secret}</code>
      <div className="mt-3 flex justify-end">
        <CopyButton text={secret} label={copyLabel} />
      </div>
    </div>
    <DialogActions>
      <Button onClick={onDone}>Done, I have copied it</Button>
    </DialogActions>
  </>
)
