/** People, follows and items for the benchmark of the feed, written by the database itself: a million in seconds. */
import postgres from 'postgres'

export const PEOPLE = 10_000
/** Whom the person who reads follows. */
const FOLLOWED = 100

const GIVEN = ['Ada', 'Ben', 'Cleo', 'Dana', 'Emil', 'Farah', 'Gita', 'Hugo', 'Ines', 'Jonas', 'Kim', 'Lena']
const FAMILY = [
  'Arnold',
  'Berg',
  'Costa',
  'Diaz',
  'Ekman',
  'Fischer',
  'Gupta',
  'Haas',
  'Ito',
  'Jansen',
  'Klein',
]

export type Sql = postgres.Sql
export const connect = (url: string): Sql =>
  postgres(url, { max: 1, onnotice: () => undefined, connection: { jit: 'off' } })

const userId = (n: string) => `'usr_' || lpad(to_hex(${n}), 26, '0')`
export const userIdOf = (n: number) => `usr_${n.toString(16).padStart(26, '0')}` as const
export const itemIdOf = (n: number) => `itm_${n.toString(16).padStart(26, '0')}` as const
const pick = (names: string[], n: string) =>
  `(array['${names.join("','")}'])[1 + (hashint4(${n}) & 65535) % ${names.length}]`

/** Everybody has a computer; person 1 reads, and follows some of them. */
export async function addPeople(sql: Sql): Promise<void> {
  const all = `from generate_series(1, ${PEOPLE}) n`
  const handle = `lower(${pick(GIVEN, 'n')}) || '-' || to_hex(n)`
  const name = `${pick(GIVEN, 'n')} || ' ' || ${pick(FAMILY, 'n + 7')}`
  await sql.unsafe(`insert into handles (handle) select ${handle} ${all}`)
  await sql.unsafe(`insert into users (id, handle, display_name, webauthn_id, created_at)
    select ${userId('n')}, ${handle}, ${name}, decode(md5(n::text), 'hex'), now() ${all}`)
  await sql.unsafe(`insert into instances
    (id, user_id, handle, image, desired, observed, observed_at, version, last_used_at, created_at)
    select 'ins_' || lpad(to_hex(n), 26, '0'), ${userId('n')}, ${handle}, 'i', 'asleep', 'stopped', now(), 1, now(), now()
    ${all}`)
  await sql.unsafe(`insert into follows (follower, followee, at)
    select ${userId('1')}, ${userId('n')}, now() from generate_series(2, ${FOLLOWED + 1}) n`)
}

/** Items number `from` to `to`, a quarter of them by those whom person 1 follows: nine in ten are public. Some are liked. */
export async function addItems(sql: Sql, from: number, to: number): Promise<void> {
  const all = `from generate_series(${from}, ${to}) n`
  const id = `'itm_' || lpad(to_hex(n), 26, '0')`
  const someone = (salt: number) => userId(`1 + (hashint4(n + ${salt}) & 1048575) % ${PEOPLE}`)
  await sql.unsafe(`insert into feed_items (id, author_id, actor, kind, text, visibility, created_at)
    select ${id}, case when n % 4 = 0 then ${userId(`1 + (hashint4(n) & 65535) % ${FOLLOWED + 1}`)} else ${someone(1)} end, 'human', 'post', 'Item ' || n || ' says a few words about what somebody built.',
      (array['public', 'public', 'public', 'public', 'followers', 'public', 'public', 'public', 'public', 'private'])[1 + n % 10],
      now() ${all}`)
  await sql.unsafe(`insert into feed_likes (item_id, user_id, at)
    select ${id}, ${someone(2)}, now() ${all} where n % 3 = 0`)
  await sql.unsafe(`insert into feed_comments (id, item_id, author_id, text, created_at)
    select 'cmt_' || lpad(to_hex(n), 26, '0'), ${id}, ${someone(3)}, 'Well done', now() ${all} where n % 5 = 0`)
  await sql.unsafe('vacuum analyze')
}

/** What somebody may type to find a person. */
export const searches = (count: number): string[] =>
  Array.from({ length: count }, (_, n) => {
    const given = GIVEN[n % GIVEN.length] ?? ''
    const family = FAMILY[(n * 5) % FAMILY.length] ?? ''
    return (
      [given.slice(0, 2), given, `${given} ${family.slice(0, 3)}`, family, `@${given.toLowerCase()}-1`][
        n % 5
      ] ?? ''
    )
  })
