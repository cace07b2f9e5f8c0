/** The contract that every home store keeps. */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newId } from '@matrixos/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HomeRef, HomeStore } from '../../../ports/home-store.ts'

export interface HomeStoreHarness extends AsyncDisposable {
  /** A new store object on the same homes, as after a restart of the api. */
  open(): HomeStore
}

/** Of a new instance. */
export const makeRef = (): HomeRef => ({
  id: newId('ins', { now: Date.now, random: randomBytes }),
  handle: `t${randomBytes(5).toString('hex')}`,
})

const self = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }

export function homeStoreContract(name: string, boot: () => Promise<HomeStoreHarness>): void {
  describe(`${name} keeps the home-store contract`, () => {
    let harness: HomeStoreHarness
    let homes: HomeStore
    beforeAll(async () => {
      harness = await boot()
      homes = harness.open()
    })
    afterAll(async () => await harness?.[Symbol.asyncDispose]())

    it('makes a home once, however often it is asked, and keeps what is in it', async () => {
      const ref = makeRef()
      await Promise.all([homes.make(ref), homes.make(ref), harness.open().make(ref)])
      writeFileSync(join(homes.pathOf(ref), 'note'), 'kept')
      await harness.open().make(ref)
      expect(readFileSync(join(harness.open().pathOf(ref), 'note'), 'utf8')).toBe('kept')
    })

    it('packs a home away, and brings it back as it was, however often it is asked', async () => {
      const ref = makeRef()
      await homes.make(ref)
      writeFileSync(join(homes.pathOf(ref), 'note'), 'kept')
      const options = { manifest: '{}', signal: new AbortController().signal, confirm: async () => undefined }
      await homes.packed.pack(ref, options)
      await harness.open().packed.pack(ref, options)
      expect(existsSync(homes.pathOf(ref))).toBe(false)
      expect(await homes.packed.sizeOf(ref)).toBeGreaterThan(0)
      expect(await homes.measure(ref)).toBe(await homes.packed.sizeOf(ref))
      await homes.packed.unpack(ref)
      await harness.open().packed.unpack(ref)
      expect(readFileSync(join(homes.pathOf(ref), 'note'), 'utf8')).toBe('kept')
      expect(await homes.packed.sizeOf(ref)).toBeNull()
    })

    it('leaves a home alone that must not be packed after all', async () => {
      const ref = makeRef()
      await homes.make(ref)
      writeFileSync(join(homes.pathOf(ref), 'note'), 'kept')
      const { signal } = new AbortController()
      const confirm = () => Promise.reject(new Error('Somebody came.'))
      await expect(homes.packed.pack(ref, { manifest: '{}', signal, confirm })).rejects.toThrow()
      const over = { manifest: '{}', signal: AbortSignal.abort(), confirm: async () => undefined }
      await expect(homes.packed.pack(ref, over)).rejects.toThrow()
      expect(readFileSync(join(homes.pathOf(ref), 'note'), 'utf8')).toBe('kept')
      expect(await homes.packed.sizeOf(ref)).toBeNull()
    })

    it('copies a home that is in use, and neither a larger one nor over another', async () => {
      const [from, to] = [makeRef(), makeRef()]
      await homes.make(from)
      writeFileSync(join(homes.pathOf(from), 'note'), 'copied')
      symlinkSync('/etc/passwd', join(homes.pathOf(from), 'link'))
      const options = { mostBytes: 1_000_000, signal: new AbortController().signal }
      await homes.copy(from, to, options)
      writeFileSync(join(homes.pathOf(from), 'note'), 'changed')
      expect(readFileSync(join(harness.open().pathOf(to), 'note'), 'utf8')).toBe('copied')
      expect(readlinkSync(join(homes.pathOf(to), 'link'))).toBe('/etc/passwd')
      expect(await homes.ownerOf(to)).toBe(to.id)
      await expect(homes.copy(from, to, options)).rejects.toMatchObject({ code: 'conflict' })
      await expect(homes.copy(makeRef(), makeRef(), options)).rejects.toMatchObject({ code: 'conflict' })
      await homes.remove(to)
      writeFileSync(join(homes.pathOf(from), 'large'), randomBytes(2_000_000))
      await expect(homes.copy(from, to, options)).rejects.toMatchObject({ code: 'internal' })
      const over = { ...options, signal: AbortSignal.abort() }
      await expect(homes.copy(from, { ...makeRef() }, over)).rejects.toMatchObject({ code: 'internal' })
      await homes.remove(to)
      expect(await homes.ownerOf(to)).toBeNull()
      expect(readFileSync(join(homes.pathOf(from), 'note'), 'utf8')).toBe('changed')
    })

    it('has nothing to pack or unpack of another instance, or of none', async () => {
      const ref = makeRef()
      const options = { manifest: '{}', signal: new AbortController().signal, confirm: async () => undefined }
      await homes.packed.pack(ref, options)
      await homes.packed.unpack(ref)
      expect(await homes.packed.sizeOf(ref)).toBeNull()
      await homes.make(ref)
      const other = { ...ref, id: makeRef().id }
      await expect(homes.packed.pack(other, options)).rejects.toMatchObject({ code: 'conflict' })
      await expect(homes.packed.unpack(other)).rejects.toMatchObject({ code: 'conflict' })
    })

    it('removes what is packed with the home', async () => {
      const ref = makeRef()
      await homes.make(ref)
      const options = { manifest: '{}', signal: new AbortController().signal, confirm: async () => undefined }
      await homes.packed.pack(ref, options)
      await homes.remove(ref)
      await homes.make({ ...ref, id: makeRef().id })
      expect(await homes.packed.sizeOf({ ...ref, id: makeRef().id }).catch(() => null)).toBeNull()
    })

    it('says where a home will be before it is there', () => {
      const [one, other] = [makeRef(), makeRef()]
      expect(homes.pathOf(one)).toMatch(/^\//)
      expect(homes.pathOf(one)).not.toBe(homes.pathOf(other))
      expect(existsSync(homes.pathOf(one))).toBe(false)
    })

    it('never touches the home of another instance of the same handle', async () => {
      const ref = makeRef()
      await homes.make(ref)
      writeFileSync(join(homes.pathOf(ref), 'note'), 'kept')
      const other = { ...ref, id: makeRef().id }
      await expect(homes.make(other)).rejects.toMatchObject({ code: 'conflict' })
      await expect(homes.give(other, self)).rejects.toMatchObject({ code: 'conflict' })
      expect(await homes.measure(other)).toBeNull()
      await homes.remove(other)
      expect(readFileSync(join(homes.pathOf(ref), 'note'), 'utf8')).toBe('kept')
    })

    it('moves a home out of the way for another instance of the handle, and no other home', async () => {
      const ref = makeRef()
      const next = { ...ref, id: makeRef().id }
      expect(await homes.ownerOf(ref)).toBeNull()
      await homes.setAside(ref)
      await homes.make(ref)
      expect(await homes.ownerOf(next)).toBe(ref.id)
      await homes.setAside(next)
      expect(await homes.ownerOf(next)).toBe(ref.id)
      await homes.setAside(ref)
      expect(await homes.ownerOf(next)).toBeNull()
      await homes.make(next)
      await expect(homes.make(ref)).rejects.toMatchObject({ code: 'conflict' })
    })

    it('gives nothing away that is not there', async () => {
      await expect(homes.give(makeRef(), self)).rejects.toMatchObject({ code: 'conflict' })
      const ref = makeRef()
      await homes.make(ref)
      await expect(homes.give(ref, self)).resolves.toBeUndefined()
    })

    it('measures what it holds, in bytes on disk', async () => {
      const ref = makeRef()
      expect(await homes.measure(ref)).toBeNull()
      await homes.make(ref)
      const empty = (await homes.measure(ref)) ?? Number.NaN
      writeFileSync(join(homes.pathOf(ref), 'random'), randomBytes(1_000_000))
      const grown = ((await homes.measure(ref)) ?? Number.NaN) - empty
      expect(grown).toBeGreaterThanOrEqual(1_000_000)
      expect(grown).toBeLessThan(1_500_000)
    })

    it('removes a home, also twice, and its handle is free for another', async () => {
      const ref = makeRef()
      await homes.make(ref)
      writeFileSync(join(homes.pathOf(ref), 'note'), 'gone')
      await homes.remove(ref)
      await homes.remove(ref)
      expect(existsSync(homes.pathOf(ref))).toBe(false)
      expect(await homes.measure(ref)).toBeNull()
      const next = { ...ref, id: makeRef().id }
      await homes.make(next)
      expect(existsSync(join(homes.pathOf(next), 'note'))).toBe(false)
      await homes.remove(ref)
      expect(existsSync(homes.pathOf(next))).toBe(true)
    })
  })
}
