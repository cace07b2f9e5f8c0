/** Says once that credits run short, and once that they are used up, with what can be done. */
import type { CreditsView } from '@matrixos/shared'
import { Link } from '@tanstack/react-router'
import { toast } from 'sonner'
import { errorText } from '../../lib/errors.ts'
import { usdText } from '../../lib/money.ts'
import { capitalized } from '../../lib/texts.ts'
import { longDate } from '../../lib/time.ts'
import { trpc } from '../../lib/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'

type Alert = NonNullable<CreditsView['alert']>

const action =
  'inline-flex h-11 items-center rounded-control border border-line bg-surface px-3 font-medium hover:border-line-strong sm:h-9'

export function CreditAlert({ credits }: { credits: CreditsView }) {
  const { alert, request } = credits
  const dismiss = useDismiss()
  if (!alert) return null
  return (
    <Notice
      tone={alert.threshold === 100 ? 'error' : 'warn'}
      className="mt-6"
      title={alert.threshold === 100 ? 'Your AI credits are used up' : 'You’ve used 80% of your AI credits'}
      action={
        <>
          {request?.state !== 'open' && (
            <Link to="/settings/credits" search={{ open: 'request' }} resetScroll={false} className={action}>
              Request more
            </Link>
          )}
          <Link to="/settings/credits" search={{ open: 'key' }} resetScroll={false} className={action}>
            Use your own key
          </Link>
          <Button size="sm" variant="ghost" onClick={() => dismiss.mutate(alert)}>
            Dismiss
          </Button>
        </>
      }
    >
      {alertText(credits, alert)}
    </Notice>
  )
}

function alertText({ remaining, request, periodEndsAt }: CreditsView, { threshold }: Alert): string {
  const asked = request?.state === 'open' ? ' You have requested more; an administrator will answer.' : ''
  const key = 'Calls on a key of your own cost none of your credits.'
  if (threshold === 80) return `${capitalized(usdText(remaining))} is left.${asked} ${key}`
  const until = periodEndsAt ? `${longDate(periodEndsAt)}, or until you get more` : 'you get more'
  return `AI calls from your computer are refused until ${until}.${asked} ${key}`
}

/** It goes at once, and comes back if it could not be dismissed. */
function useDismiss() {
  const { quota } = trpc.useUtils()
  const show = (alert: Alert | null) => quota.credits.setData(undefined, (view) => view && { ...view, alert })
  return trpc.quota.dismissAlert.useMutation({
    onMutate: async () => {
      // An answer that is on its way still has the alert.
      await quota.credits.cancel()
      show(null)
    },
    onError: (error, alert) => {
      show(alert)
      toast.error(errorText(error))
    },
  })
}
