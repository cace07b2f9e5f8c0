/** A computer moves: from one person's own to a platform and back, by the operator's commands and by the owner's own. */
import { execFile, execFileSync } from 'node:child_process'
import { existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { deleteInstance, signUp } from '@matrixos/client'
import { ROOT } from '@matrixos/host/root'
import { HOME_FOLDER, UPLOAD_CHUNK_BYTES } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import { openInstance, type PlatformClient } from '@matrixos/testing/platform-client'
import { until } from '@matrixos/testing/until'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { claimCode } from '../support/claim.ts'
import { bootStack, STACKS, type Stack } from '../support/stack.ts'

const shell = (cwd: string, script: string) => execFileSync('bash', ['-ec', script], { cwd }).toString()

const FILL = `mkdir -p kept/deep kept/empty; cd kept; printf 'Buy milk' > note; chmod 600 note; printf x > 'deep/two
lines'; head -c 2500000 /dev/urandom > big; ln big hard; ln -s note soft; ln -s /etc/passwd out; chmod 711 empty
touch -d '2001-02-03 04:05:06.789012345' note deep; cd ..`

const listing = (home: string): string =>
  shell(
    join(home, 'kept'),
    "find . -printf '%p %y %m %T@ %l %n\\n' | sort; find . -type f -print0 | sort -z | xargs -0 sha256sum",
  )

for (const { name, parts, needs } of STACKS) {
  describeReal(needs, `moving a computer (${name})`, () => {
    let single: Stack
    let platform: Stack
    let folder = ''
    let owner: PlatformClient
    let bob: PlatformClient
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'mos-transfer-'))
      single = await bootStack({ parts: 'embedded', single: true })
      platform = await bootStack({ parts })
      owner = single.client()
      await signUp({
        client: owner,
        authenticator: createAuthenticator(),
        handle: 'ada',
        invite: claimCode(single),
      })
      bob = platform.client()
      await signUp({ client: bob, authenticator: createAuthenticator(), handle: 'bob' })
      await openInstance(owner, single.url)
      await openInstance(bob, platform.hosts.instanceOrigin('bob'))
    })
    afterAll(async () => {
      await platform?.[Symbol.asyncDispose]()
      await single?.[Symbol.asyncDispose]()
      if (folder) rmSync(folder, { recursive: true })
    })
    const homeOf = (stack: Stack, handle: string) => join(stack.dataDir, 'instances', handle, HOME_FOLDER)
    /** What an operator types; answers what it prints. */
    async function admin({ dataDir, runDir }: Stack, ...args: string[]): Promise<string> {
      const { PATH, NODE_COMPILE_CACHE } = process.env
      const env = { PATH, NODE_COMPILE_CACHE, DATA_DIR: dataDir, RUN_DIR: runDir }
      const run = promisify(execFile)(process.execPath, [join(ROOT, 'scripts/admin.ts'), ...args], { env })
      return (await run).stdout
    }
    /** As the home's own user would have made it. */
    function fill(home: string): void {
      shell(home, FILL)
      const { uid, gid } = lstatSync(home)
      shell(home, `chown -hR ${uid}:${gid} kept`)
    }

    it('arrives as it left, there and back', async () => {
      const ada = homeOf(single, 'ada')
      fill(ada)
      const before = listing(ada)
      const file = join(folder, 'ada.tar.zst')
      await admin(single, 'export', 'ada', file)
      await admin(platform, 'import', 'bob', file)
      expect(listing(homeOf(platform, 'bob'))).toBe(before)
      expect(lstatSync(join(homeOf(platform, 'bob'), 'kept/note')).uid).toBe(
        lstatSync(homeOf(platform, 'bob')).uid,
      )
      await openInstance(bob, platform.hosts.instanceOrigin('bob'))

      const back = join(folder, 'bob.tar.zst')
      await admin(platform, 'export', 'bob', back)
      shell(ada, 'rm -r kept; mkdir kept')
      await admin(single, 'import', 'ada', back)
      expect(listing(ada)).toBe(before)
      await openInstance(owner, single.url)
      expect(
        readdirSync(join(ada, '..'))
          .filter((entry) => !/^earlier-\d+$/.test(entry))
          .sort(),
      ).toEqual(['instance-id', HOME_FOLDER])
    })

    it('brings the home of a deleted account back to whoever signs up again, byte by byte', async () => {
      const before = platform.client()
      await signUp({ client: before, authenticator: createAuthenticator(), handle: 'carla' })
      await openInstance(before, platform.hosts.instanceOrigin('carla'))
      const old = homeOf(platform, 'carla')
      fill(old)
      const listed = listing(old)
      const file = join(folder, 'carla.tar.zst')
      await admin(platform, 'export', 'carla', file)
      await deleteInstance(before, 'carla')
      await until('it is gone', async () => !existsSync(old), 60_000)

      const after = platform.client()
      await signUp({ client: after, authenticator: createAuthenticator(), handle: 'carla-two' })
      await openInstance(after, platform.hosts.instanceOrigin('carla-two'))
      await admin(platform, 'import', 'carla-two', file)
      expect(listing(homeOf(platform, 'carla-two'))).toBe(listed)
    })

    it('goes back to the home before, and forgets it when it is told to', async () => {
      const home = homeOf(platform, 'bob')
      const call = (command: string) => admin(platform, command, 'bob')
      writeFileSync(join(home, 'kept/mine'), 'after the import')
      await call('undo-import')
      expect(existsSync(join(home, 'kept'))).toBe(false)
      await openInstance(bob, platform.hosts.instanceOrigin('bob'))
      await call('undo-import')
      expect(readFileSync(join(home, 'kept/mine'), 'utf8')).toBe('after the import')
      await call('confirm-import')
      await expect(call('undo-import')).rejects.toThrow('no earlier home')
    })

    it('changes nothing for a file that is no export, or breaks off', async () => {
      const home = homeOf(platform, 'bob')
      const before = listing(home)
      const noise = join(folder, 'noise')
      writeFileSync(noise, 'not an archive '.repeat(1000))
      await expect(admin(platform, 'import', 'bob', noise)).rejects.toThrow('not a whole export')
      const cut = join(folder, 'cut')
      const whole = readFileSync(join(folder, 'ada.tar.zst'))
      writeFileSync(cut, whole.subarray(0, whole.length - 3))
      await expect(admin(platform, 'import', 'bob', cut)).rejects.toThrow('not a whole export')
      await expect(admin(platform, 'import', 'nobody', cut)).rejects.toThrow('no computer of nobody')
      expect(listing(home)).toBe(before)
    })

    it('lets the owner download and upload, and nobody else', async () => {
      const { appOrigin } = platform.hosts
      const { browser, trpc } = bob
      const asPage = { origin: appOrigin, 'x-mos': '1', 'sec-fetch-site': 'same-origin' }
      const got = await browser.fetch(`${appOrigin}/transfer/export`, {
        headers: { 'sec-fetch-site': 'same-origin' },
      })
      expect(got.status).toBe(200)
      expect(got.headers.get('content-disposition')).toContain('bob.tar.zst')
      const archive = Buffer.from(await got.arrayBuffer())
      const sameSite = { headers: { 'sec-fetch-site': 'same-site' } }
      expect((await browser.fetch(`${appOrigin}/transfer/export`, sameSite)).status).toBe(403)
      expect((await platform.client().browser.fetch(`${appOrigin}/transfer/export`)).status).toBe(401)

      const home = homeOf(platform, 'bob')
      const before = listing(home)
      shell(home, 'rm -r kept')
      const { uploadId } = await trpc.transfer.begin.mutate({ sizeBytes: archive.length })
      const put = (at: number, headers: Record<string, string> = asPage) =>
        browser.fetch(`${appOrigin}/transfer/upload/${uploadId}?offset=${at}`, {
          method: 'PUT',
          headers,
          body: archive.subarray(at, at + UPLOAD_CHUNK_BYTES),
        })
      expect((await put(0, { ...asPage, origin: platform.hosts.instanceOrigin('bob') })).status).toBe(403)
      for (let at = 0; at < archive.length; ) at = Number((await (await put(at)).json()).received)
      await trpc.transfer.finish.mutate({ uploadId })
      await until(
        'the import is done',
        async () => {
          const { import: state } = await trpc.transfer.state.query()
          if (state?.status === 'failed') throw new Error(state.message ?? '')
          return state?.status === 'done'
        },
        60_000,
      )
      expect(listing(home)).toBe(before)
    })

    it('makes an export that waits for its owner, and takes it in again', async () => {
      const { appOrigin } = platform.hosts
      const { browser, trpc } = bob
      await trpc.transfer.beginExport.mutate()
      const made = await until(
        'the export is ready',
        async () => {
          const { export: state } = await trpc.transfer.state.query()
          if (state?.status === 'failed') throw new Error(state.message ?? '')
          return state?.status === 'ready' && state
        },
        60_000,
      )
      const url = `${appOrigin}/transfer/export/${made.id}`
      const fromApp = { 'sec-fetch-site': 'same-origin' }
      const whole = await browser.fetch(url, { headers: fromApp })
      expect(Number(whole.headers.get('content-length'))).toBe(made.sizeBytes)
      const archive = Buffer.from(await whole.arrayBuffer())
      const etag = whole.headers.get('etag') ?? ''
      const rest = await browser.fetch(url, {
        headers: { ...fromApp, range: 'bytes=1000-', 'if-range': etag },
      })
      expect(rest.status).toBe(206)
      expect(Buffer.from(await rest.arrayBuffer())).toEqual(archive.subarray(1000))
      expect((await owner.browser.fetch(url, { headers: fromApp })).status).not.toBe(200)

      const file = join(folder, 'kept.tar.zst')
      writeFileSync(file, archive)
      const [members, profile] = ['--list', '--to-stdout --extract account/profile.json'].map((how) =>
        shell(folder, `zstd -dcq kept.tar.zst | tar ${how}`),
      )
      expect(members).toMatch(
        /^account\/profile.json\naccount\/posts-1.json\naccount\/comments-1.json\naccount\/ai-calls-1.json\nmanifest.json\nmatrixos\//,
      )
      expect(JSON.parse(profile ?? '')).toMatchObject({ handle: 'bob', bio: '', following: [] })
      const before = listing(homeOf(platform, 'bob'))
      await admin(platform, 'import', 'bob', file)
      expect(listing(homeOf(platform, 'bob'))).toBe(before)
    })

    it('lets whoever lost every passkey in again, by a link from the host', async () => {
      const url = (await admin(single, 'enrol', 'ada')).match(/https?:\S+/)?.[0] ?? ''
      expect(url).toMatch(new RegExp(`^${single.hosts.appOrigin}/enrol#`))
      const secret = url.split('#')[1] ?? ''
      const found = await single.client().trpc.auth.enrolment.inspect.mutate({ secret })
      expect(found.handle).toBe('ada')
    })
  })
}
