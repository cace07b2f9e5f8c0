/**
 * Who may see whom: the one rule of profiles, search and feed, as SQL for stores and as a function of what is known.
 * A property test holds the two together.
 */
import { type Desired, isLeaving, type UserId } from '@matrixos/shared'
import { type Placeholder, type SQL, sql } from 'drizzle-orm'
import type { AnyPgColumn } from 'drizzle-orm/pg-core'

/** Whoever reads, in conditions of SQL; as a placeholder where a statement is made once for all of them. */
export type Reader = UserId | Placeholder

/** Of an account, what decides whether it is seen at all. */
export interface Standing {
  isSuspended: boolean
  /** Of its instance. */
  desired: Desired
}

/** `between`: whether either blocks the other. */
export interface Sight {
  /** `null`: a stranger. */
  viewer: UserId | null
  person: UserId
  standing: Standing
  isBlockBetween: boolean
}

/** Everybody sees themselves; nobody sees who is suspended or leaving, or who is on the other side of a block. */
export function maySee({ viewer, person, standing, isBlockBetween }: Sight): boolean {
  if (viewer === person) return true
  return !standing.isSuspended && !isLeaving(standing.desired) && !isBlockBetween
}

/**
 * Whether there is such a row: looked up for each row that asks. As `exists`, the planner may take all of them together
 * instead, which costs as much as everybody, however few rows ask.
 */
const thereIs = (rows: SQL): SQL => sql`(select true from ${rows} limit 1) is not null`
const thereIsNo = (rows: SQL): SQL => sql`(select true from ${rows} limit 1) is null`

/** The same for the people that a column names, as a condition of a query: for `where`, never for what is selected. */
export function isSeenBy(viewer: Reader | AnyPgColumn | null, person: AnyPgColumn): SQL {
  const stands = thereIs(sql`users stands_user
    join instances stands_instance on stands_instance.user_id = stands_user.id
    where stands_user.id = ${person} and stands_user.suspended_at is null
      and stands_instance.desired not in ('leaving', 'deleted')`)
  if (viewer === null) return stands
  const mine = thereIsNo(sql`blocks mine
    where mine.blocker = ${viewer} and mine.blocked = ${person} and mine.kind = 'block'`)
  const theirs = thereIsNo(sql`blocks theirs
    where theirs.blocker = ${person} and theirs.blocked = ${viewer} and theirs.kind = 'block'`)
  return sql`(${person} = ${viewer} or (${stands} and ${mine} and ${theirs}))`
}

/** Whether `viewer` muted the people that a column names: what feeds leave out. */
export const isMutedBy = (viewer: Reader, person: AnyPgColumn): SQL =>
  thereIs(sql`blocks mutes
    where mutes.blocker = ${viewer} and mutes.blocked = ${person} and mutes.kind = 'mute'`)

/** Whether `viewer` follows the people that a column names. */
export const isFollowedBy = (viewer: Reader, person: AnyPgColumn): SQL =>
  thereIs(sql`follows followed
    where followed.follower = ${viewer} and followed.followee = ${person}`)
