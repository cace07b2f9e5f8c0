/** Who somebody is at a glance: their picture, or the glyph of their handle. */
import type { PublicPerson } from '@matrixos/shared'
import { cn } from '../../ui/cn.ts'
import { Glyph } from '../dashboard/glyph.tsx'

export interface AvatarProps {
  person: Pick<PublicPerson, 'handle' | 'avatarUrl'>
  className?: string
}

/** Decorative: the name always stands beside it. */
export const Avatar = ({ person: { handle, avatarUrl }, className }: AvatarProps) =>
  avatarUrl === null ? (
    <Glyph handle={handle} className={cn('shrink-0', className)} />
  ) : (
    <img src={avatarUrl} alt="" className={cn('shrink-0 rounded-full bg-sunken object-cover', className)} />
  )
