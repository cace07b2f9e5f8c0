/** What one publishes, and what changes it. */
import type { InstanceId, PublicationView, PublishedApp, PublishInput } from '@matrixos/shared'
import { skipToken, useMutation } from '@tanstack/react-query'
import { toast } from 'sonner'
import { errorText } from '../../lib/errors.ts'
import { PictureError } from '../../lib/picture.ts'
import { trpc } from '../../lib/trpc.ts'
import { putPicture } from './picture-link.ts'

/** Of one's own computer: its id is asked for first. */
export function usePublishing() {
  const mine = trpc.tenants.mine.useQuery()
  const list = trpc.publishing.list.useQuery(mine.data ? { instanceId: mine.data.id } : skipToken)
  return {
    instance: mine.data,
    view: mine.data && list.data,
    error: mine.error ?? list.error,
    isFetching: mine.isFetching || list.isFetching,
    refetch: () => void (mine.error ? mine.refetch() : list.refetch()),
  }
}

const termsOf = (instanceId: InstanceId, publication: PublicationView): PublishInput => {
  const { app, mode, title, description, visitorCredits } = publication
  return { instanceId, app, mode, title, description, visitorCredits }
}

export interface PublishChange {
  terms: PublishInput
  /** A new one. */
  picture: Blob | null
  isPublished: boolean
}

/** Publishes, or changes how. A picture that fails leaves the app published: that is told apart. */
export function usePublish({ onDone }: { onDone: (pictureProblem: string | null) => void }) {
  const utils = trpc.useUtils()
  return useMutation({
    mutationFn: async ({ terms, picture, isPublished }: PublishChange) => {
      const { publishing, auth } = utils.client
      const next = await (isPublished ? publishing.update : publishing.publish).mutate(terms)
      const problem = picture && (await pictureProblem(terms, picture, () => auth.session.query()))
      utils.publishing.list.setData({ instanceId: terms.instanceId }, next)
      // With the version of what was sent.
      if (picture) void utils.publishing.list.invalidate()
      return problem
    },
    onSuccess: onDone,
  })
}

async function pictureProblem(app: PublishedApp, picture: Blob, renew: () => Promise<unknown>) {
  try {
    await putPicture(app, picture, renew)
    return null
  } catch (error) {
    return error instanceof PictureError ? error.message : errorText(error)
  }
}

/** Ends it at once, with a moment to take that back. */
export function useUnpublish(instanceId: InstanceId) {
  const utils = trpc.useUtils()
  const keep = (next: Parameters<typeof utils.publishing.list.setData>[1]) =>
    utils.publishing.list.setData({ instanceId }, next)
  const failed = (error: unknown) => void toast.error(errorText(error))
  const unpublish = trpc.publishing.unpublish.useMutation({ onSuccess: keep, onError: failed })
  return {
    isPending: unpublish.isPending,
    start(publication: PublicationView) {
      const again = termsOf(instanceId, publication)
      // The row may be gone by then: its own mutations would never answer.
      const onClick = () => void utils.client.publishing.publish.mutate(again).then(keep, failed)
      unpublish.mutate(
        { instanceId, app: publication.app },
        {
          onSuccess: () =>
            void toast.success(`${publication.title} is no longer published.`, {
              action: { label: 'Undo', onClick },
            }),
        },
      )
    },
  }
}
