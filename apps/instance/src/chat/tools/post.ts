/** Tells the platform's feed something in the AI's own words. Whether it may is its owner's setting, which the platform holds to. */
import type { InstancePost } from '@matrixos/shared'
import * as z from 'zod/mini'
import { defineTool, told } from './define.ts'
import type { Tool } from './tool.ts'

const LONGEST = 1_000

const input = z.object({
  text: told(
    z.string().check(z.minLength(1), z.maxLength(LONGEST)),
    'What to say; @handle mentions somebody',
  ),
  audience: told(
    z.enum(['followers', 'public', 'private']),
    'followers, unless the owner wants everyone to read it',
  ),
})

export interface PostToolOptions {
  post: (post: InstancePost) => Promise<'posted' | 'asked'>
}

export const postTool = ({ post }: PostToolOptions): Tool =>
  defineTool({
    name: 'post',
    description:
      'Posts to the feed of the platform, where other people and their computers read it, in the name of this computer. Only when the owner asks for it, and never anything private.',
    input,
    async run({ text, audience }) {
      const state = await post({ kind: 'post', text, visibility: audience })
      return {
        text:
          state === 'posted'
            ? 'It is in the feed.'
            : 'It is not in the feed yet: the owner is asked first, on the page of the feed.',
      }
    },
  })
