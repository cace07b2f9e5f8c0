/** The token by which one's computer calls AI, and how to replace it. */
import { useRef, useState } from 'react'
import { toast } from 'sonner'
import { site } from '../../lib/hosts.ts'
import { trpc } from '../../lib/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmRemoval } from '../settings/confirm-removal.tsx'
import { SettingsSection } from '../settings/settings-section.tsx'
import { Code } from './code.tsx'
import { payerWords } from './words.ts'

export function AiTokenSection() {
  const [isAsking, setAsking] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const rotate = trpc.quota.rotateToken.useMutation({
    onSuccess: () => {
      setAsking(false)
      toast.success('Your computer has a new AI token from its next start.')
    },
  })
  return (
    <SettingsSection
      title="AI token"
      lead={payerWords(site()).tokenLead}
      action={
        <Button ref={opener} variant="secondary" onClick={() => setAsking(true)}>
          New AI token…
        </Button>
      }
    >
      <p className="text-muted text-sm leading-6">
        They find it by themselves, in <Code>ANTHROPIC_API_KEY</Code> and <Code>OPENAI_API_KEY</Code>, with
        the address beside it.
      </p>
      <ConfirmRemoval
        open={isAsking}
        onOpenChange={setAsking}
        opener={opener}
        title="Make a new AI token?"
        description="Your computer gets it at its next start. The old one works until then, so nothing that runs is cut off. To end the old one now, put your computer to sleep and wake it."
        confirmLabel="Make a new token"
        pending={rotate.isPending}
        error={rotate.error}
        onConfirm={() => rotate.mutate()}
      />
    </SettingsSection>
  )
}
