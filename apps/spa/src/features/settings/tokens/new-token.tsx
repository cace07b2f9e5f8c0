/** A token just made: shown this once, to be copied. */
import { Button } from '../../../ui/button.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { DialogActions } from '../../../ui/dialog.tsx'

export const NewToken = ({ token, onDone }: { token: string; onDone: () => void }) => (
  <>
    <div className="mt-5 rounded-control border border-line bg-sunken p-4">
      <code className="block select-all break-all text-sm leading-6">{token}</code>
      <div className="mt-3 flex justify-end">
        <CopyButton text={token} label="Copy token" />
      </div>
    </div>
    <DialogActions>
      <Button onClick={onDone}>Done, I have copied it</Button>
    </DialogActions>
  </>
)
