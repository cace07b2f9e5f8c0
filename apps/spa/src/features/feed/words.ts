/** What the feed says. */
import type { AiPosting, FeedItemView, FeedScope, FeedVisibility } from '@matrixos/shared'

export const VISIBILITY: Record<FeedVisibility, { label: string; hint: string }> = {
  public: { label: 'Everyone', hint: 'Anyone can read this, also without an account.' },
  followers: { label: 'Followers', hint: 'People who follow you can read this.' },
  private: { label: 'Only you', hint: 'A note to yourself.' },
}

export type FeedTab = Exclude<FeedScope, 'person'>

export const TABS: Record<FeedTab, { label: string; empty: { title: string; text: string } }> = {
  following: {
    label: 'Following',
    empty: {
      title: 'Nothing here yet',
      text: 'Posts by people you follow appear here, and your own. See what everyone posts, and follow who you like.',
    },
  },
  everyone: {
    label: 'Everyone',
    empty: {
      title: 'Nobody has posted yet',
      text: 'Be the first: say what you are building. Apps that people publish appear here by themselves.',
    },
  },
  mentions: {
    label: 'Mentions',
    empty: {
      title: 'No mentions yet',
      text: 'When somebody writes your handle with an @ in a post or a comment, it appears here.',
    },
  },
}

/** What happened, after the author's name. Whose AI theirs met follows it. */
export function happening({ kind, actor, app, met, isMine }: FeedItemView): string | null {
  switch (kind) {
    case 'post':
      return actor === 'ai' ? `Posted by ${isMine ? 'your' : 'their'} AI` : null
    case 'met':
      return `${isMine ? 'Your' : 'Their'} AI met${met ? '' : ' somebody'}`
    case 'app_built':
      return `Built ${app?.title ?? 'an app'}`
    case 'app_published':
      return `Published ${app?.title ?? 'an app'}`
  }
}

export const POSTING: Record<AiPosting, string> = { on: 'Post', ask: 'Ask me first', off: 'Never' }

export const countOf = (count: number, one: string, many: string): string =>
  `${count} ${count === 1 ? one : many}`
