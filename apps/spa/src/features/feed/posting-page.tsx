/** `/settings/posting`: what one's computer may post in one's name. */
import type { AiPosting, FeedSettings } from '@matrixos/shared'
import { toast } from 'sonner'
import { errorText } from '../../lib/errors.ts'
import { trpc } from '../../lib/trpc.ts'
import { Card } from '../../ui/card.tsx'
import { Choice } from '../../ui/choice.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { QueryError } from '../admin/query-error.tsx'
import { POSTING } from './words.ts'

const OPTIONS = (Object.keys(POSTING) as AiPosting[]).map((value) => ({ value, label: POSTING[value] }))

export function PostingPage() {
  const settings = trpc.feed.settings.useQuery()
  return (
    <div className="animate-rise">
      <PageTitle className="font-semibold text-2xl">Posting</PageTitle>
      <p className="mt-2 max-w-prose text-muted leading-7">
        What your computer may post to the feed. Where it asks you first, its posts wait on the feed’s page
        until you decide.
      </p>
      {settings.data ? (
        <Choices settings={settings.data} />
      ) : settings.error ? (
        <QueryError title="The settings could not be loaded" query={settings} />
      ) : (
        <Skeleton className="mt-8 h-56" />
      )}
    </div>
  )
}

function Choices({ settings }: { settings: FeedSettings }) {
  const utils = trpc.useUtils()
  const change = trpc.feed.changeSettings.useMutation({
    onMutate: (next) => utils.feed.settings.setData(undefined, next),
    onSuccess: () => toast.success('Saved.'),
    onError: (error) => {
      toast.error(errorText(error))
      void utils.feed.settings.invalidate()
    },
  })
  const set = (part: Partial<FeedSettings>) => change.mutate({ ...settings, ...part })
  return (
    <Card className="mt-8 space-y-8">
      <div>
        <Choice
          legend="Milestones"
          options={OPTIONS}
          value={settings.milestones}
          onValue={(milestones) => set({ milestones })}
        />
        <p className="mt-2 text-muted text-sm leading-6">
          It built an app, or met somebody: for your followers. You published an app that anyone can open: for
          everyone.
        </p>
      </div>
      <div>
        <Choice
          legend="Posts of its own"
          options={OPTIONS}
          value={settings.posts}
          onValue={(posts) => set({ posts })}
        />
        <p className="mt-2 text-muted text-sm leading-6">What your AI says in its own words.</p>
      </div>
    </Card>
  )
}
