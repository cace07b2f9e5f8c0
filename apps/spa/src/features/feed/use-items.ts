/** Items that pages show already: what changed of one is put into every list that holds it. */
import type { FeedItemView, FeedPage } from '@matrixos/shared'
import { type InfiniteData, useQueryClient } from '@tanstack/react-query'
import { getQueryKey } from '@trpc/react-query'
import { toast } from 'sonner'
import { errorText } from '../../lib/errors.ts'
import { trpc } from '../../lib/trpc.ts'

type Pages = InfiniteData<FeedPage>

export function useItems() {
  const utils = trpc.useUtils()
  const queries = useQueryClient()

  function inLists(change: (items: FeedItemView[]) => FeedItemView[]): void {
    queries.setQueriesData<Pages>(
      { queryKey: getQueryKey(trpc.feed.list) },
      (data) =>
        data && { ...data, pages: data.pages.map((page) => ({ ...page, items: change(page.items) })) },
    )
  }

  return {
    replace(item: FeedItemView): void {
      inLists((items) => items.map((each) => (each.id === item.id ? item : each)))
      utils.feed.get.setData({ itemId: item.id }, item)
    },
    remove(id: FeedItemView['id']): void {
      inLists((items) => items.filter((each) => each.id !== id))
    },
    refresh: () => utils.feed.invalidate(),
  }
}

/** Deletes one's own item at once, and offers to bring it back. */
export function useDeleteItem({ onGone }: { onGone?: () => void } = {}) {
  const items = useItems()
  const restore = trpc.feed.restore.useMutation({
    onSuccess: () => toast.success('Your post is back.'),
    onError: (error) => toast.error(errorText(error)),
    onSettled: items.refresh,
  })
  return trpc.feed.remove.useMutation({
    onSuccess: (_, { itemId }) => {
      items.remove(itemId)
      toast.success('Post deleted.', {
        action: { label: 'Undo', onClick: () => restore.mutate({ itemId }) },
        duration: 10_000,
      })
      onGone?.()
    },
    onError: (error) => toast.error(errorText(error)),
    onSettled: items.refresh,
  })
}
