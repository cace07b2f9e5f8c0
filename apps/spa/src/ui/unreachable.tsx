/** The whole page when the api does not answer. */
import { Unplug } from 'lucide-react'
import { errorText } from '../lib/errors.ts'
import { Button } from './button.tsx'
import { MessagePage } from './message-page.tsx'

export const Unreachable = ({ error, onRetry }: { error: unknown; onRetry: () => void }) => (
  <MessagePage icon={Unplug} title="No answer" actions={<Button onClick={onRetry}>Try again</Button>}>
    {errorText(error)}
  </MessagePage>
)
