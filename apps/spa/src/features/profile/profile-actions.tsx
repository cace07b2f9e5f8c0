/** What a signed-in person does about somebody: follow, mute, block. */
import type { BlockKind, RelationView } from '@matrixos/shared'
import { Link } from '@tanstack/react-router'
import { Ellipsis } from 'lucide-react'
import { toast } from 'sonner'
import { errorText } from '../../lib/errors.ts'
import { trpc } from '../../lib/trpc.ts'
import { Button, buttonStyle } from '../../ui/button.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'

function useRelations(handle: string) {
  const utils = trpc.useUtils()
  const onError = (error: unknown) => toast.error(errorText(error))
  async function onSuccess(relation: RelationView): Promise<void> {
    utils.social.relation.setData({ handle }, relation)
    await utils.social.profile.invalidate({ handle })
  }
  const unblock = trpc.social.unblock.useMutation({
    onSuccess: () => utils.social.invalidate(),
    onError,
  })
  return {
    follow: trpc.social.follow.useMutation({ onSuccess, onError }),
    unfollow: trpc.social.unfollow.useMutation({ onSuccess, onError }),
    block: trpc.social.block.useMutation({
      async onSuccess(relation, { kind }) {
        await onSuccess(relation)
        toast.success(kind === 'block' ? `You blocked @${handle}.` : `You muted @${handle}.`, {
          action: { label: 'Undo', onClick: () => unblock.mutate({ handle, kind }) },
        })
      },
      onError,
    }),
    unblock,
  }
}

export function ProfileActions({ handle, relation }: { handle: string; relation: RelationView }) {
  const { follow, unfollow, block, unblock } = useRelations(handle)
  if (relation.isSelf)
    return (
      <Link to="/settings/profile" className={buttonStyle({ variant: 'secondary', size: 'sm' })}>
        Edit profile
      </Link>
    )
  const toggle = (kind: BlockKind, isSet: boolean) => (isSet ? unblock : block).mutate({ handle, kind })
  return (
    <div className="flex items-center gap-2">
      <Button
        size="sm"
        variant={relation.follows ? 'secondary' : 'primary'}
        pending={follow.isPending || unfollow.isPending}
        onClick={() => (relation.follows ? unfollow : follow).mutate({ handle })}
      >
        {relation.follows ? 'Unfollow' : relation.followsBack ? 'Follow back' : 'Follow'}
      </Button>
      <Menu
        trigger={
          <Button size="sm" variant="secondary" aria-label={`More about @${handle}`}>
            <Ellipsis aria-hidden />
          </Button>
        }
      >
        <MenuItem onSelect={() => toggle('mute', relation.mutes)}>
          {relation.mutes ? 'Unmute' : 'Mute'} @{handle}
        </MenuItem>
        <MenuItem onSelect={() => toggle('block', relation.blocks)}>Block @{handle}</MenuItem>
      </Menu>
    </div>
  )
}

/** In place of the profile of somebody whom the reader blocked. */
export function Blocked({ handle }: { handle: string }) {
  const { unblock } = useRelations(handle)
  return (
    <Button
      variant="secondary"
      pending={unblock.isPending}
      onClick={() => unblock.mutate({ handle, kind: 'block' })}
    >
      Unblock @{handle}
    </Button>
  )
}
