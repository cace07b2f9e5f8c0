import { expect, test, vi } from 'vitest'
import { FilesError } from '../files/client/problem.ts'
import { createDocument } from './document.ts'
import { browser, computer } from './testing.ts'
import type { DocumentView } from './working-copy.ts'

async function open(it: ReturnType<typeof computer>, { drafts, store } = browser(), isViewer = false) {
  let text = ''
  let view: DocumentView | undefined
  let typed: () => void = () => undefined
  const document = createDocument({
    ...{ path: 'a.txt', isViewer, api: it.api, drafts: store, now: () => 1 },
    later: (act) => {
      typed = act
      return () => {
        typed = () => undefined
      }
    },
    onChange: (next) => {
      view = next
    },
  })
  const loaded = await document.load()
  if ('text' in loaded) text = loaded.text
  document.attach({
    text: () => text,
    replace: (next) => {
      text = next
    },
  })
  return {
    document,
    loaded,
    drafts,
    text: () => text,
    view: () => view,
    type: (next: string) => {
      text = next
      document.edited()
      typed()
    },
  }
}

test('saves what was typed, and keeps no draft of it', async () => {
  const it = computer('one')
  const { document, type, view, drafts } = await open(it)
  type('two')
  expect(view()?.isDirty).toBe(true)
  expect(drafts.get('a.txt')?.text).toBe('two')
  await document.save()
  expect(it.text()).toBe('two')
  expect(view()).toMatchObject({ isDirty: false, isSaving: false, failure: null })
  expect(drafts.size).toBe(0)
})

test('takes what others wrote where nothing was typed', async () => {
  const it = computer('one')
  const { document, text, view } = await open(it)
  it.write('theirs')
  await document.look()
  expect(text()).toBe('theirs')
  expect(view()).toMatchObject({ isDirty: false, theirs: null })
})

test('shows both where both changed it, whether it hears of it or runs into it', async () => {
  for (const way of ['look', 'save'] as const) {
    const it = computer('one')
    const { document, type, text, view } = await open(it)
    type('mine')
    it.write('theirs')
    await document[way]()
    expect(view()?.theirs?.text).toBe('theirs')
    expect(text()).toBe('mine')
    expect(it.text()).toBe('theirs')
    // Saving once more decides nothing.
    await document.save()
    expect(it.text()).toBe('theirs')
    await document.keepMine()
    expect(it.text()).toBe('mine')
    expect(view()).toMatchObject({ theirs: null, isDirty: false })
  }
})

test('keeps mine only over what was shown', async () => {
  const it = computer('one')
  const { document, type, view } = await open(it)
  type('mine')
  it.write('theirs')
  await document.save()
  it.write('theirs again')
  await document.keepMine()
  expect(it.text()).toBe('theirs again')
  expect(view()?.theirs?.text).toBe('theirs again')
})

test('takes theirs', async () => {
  const it = computer('one')
  const { document, type, text, view, drafts } = await open(it)
  type('mine')
  it.write('theirs')
  await document.save()
  document.takeTheirs()
  expect(text()).toBe('theirs')
  expect(view()).toMatchObject({ theirs: null, isDirty: false })
  expect(drafts.size).toBe(0)
})

test('saves later what could not be saved, and finds out when it had been after all', async () => {
  const it = computer('one')
  const { document, type, view, drafts } = await open(it)
  type('two')
  it.fail(new FilesError('I can’t be reached right now.', { status: 0 }))
  await document.save()
  expect(view()?.failure).toBe('I can’t be reached right now. What you typed is kept in this browser.')
  expect(drafts.get('a.txt')?.text).toBe('two')
  it.fail(null)
  // It arrived; its answer did not.
  it.write('two')
  await document.look()
  expect(it.text()).toBe('two')
  expect(view()).toMatchObject({ failure: null, isDirty: false, theirs: null })
})

test('says that the disk is full, and lets it be tried again', async () => {
  const it = computer('one')
  const { document, type, view } = await open(it)
  type('two')
  it.fail(new FilesError('Your disk is full.', { status: 507 }))
  await document.save()
  expect(view()?.failure).toMatch(/^Your disk is full\./)
  it.fail(null)
  await document.save()
  expect(it.text()).toBe('two')
  expect(view()?.failure).toBeNull()
})

test('brings back what a page before did not save', async () => {
  const base = { version: '1', text: 'one' }
  const same = await open(computer('one'), browser({ text: 'typed', base, at: 1 }))
  expect(same.loaded).toMatchObject({ text: 'typed', isRestored: true })
  expect(same.view()).toMatchObject({ isDirty: true, theirs: null })
  const other = await open(computer('theirs', '2'), browser({ text: 'typed', base, at: 1 }))
  expect(other.loaded).toMatchObject({ text: 'typed', isRestored: true })
  expect(other.view()?.theirs).toEqual({ version: '2', text: 'theirs' })
})

test('saves by itself what the disk had no room for, once it has', async () => {
  const it = computer('one')
  const write = vi.spyOn(it.api, 'write')
  const { document, type, view, drafts } = await open(it)
  await document.retry()
  expect(write).not.toHaveBeenCalled()
  type('two')
  it.fail(new FilesError('Your disk is full.', { status: 507 }))
  await document.save()
  await document.retry()
  expect(view()?.failure).toMatch(/^Your disk is full\..*kept in this browser/)
  expect(drafts.get('a.txt')?.text).toBe('two')
  it.fail(null)
  await document.retry()
  expect(it.text()).toBe('two')
  expect(view()).toMatchObject({ isDirty: false, failure: null })
  await document.retry()
  expect(write).toHaveBeenCalledTimes(3)
})

test('discards what is typed when told to', async () => {
  const base = { version: '1', text: 'one' }
  const it = await open(computer('one'), browser({ text: 'typed', base, at: 1 }))
  it.document.discard()
  expect(it.text()).toBe('one')
  expect(it.view()?.isDirty).toBe(false)
  expect(it.drafts.size).toBe(0)
})

test('puts a file back that is gone', async () => {
  const it = computer('one')
  const { document, type, view } = await open(it)
  it.remove()
  await document.look()
  expect(view()).toMatchObject({ isGone: true, theirs: null })
  await document.save()
  expect(it.text()).toBe('one')
  type('mine')
  it.remove()
  await document.look()
  expect(view()?.theirs).toEqual({ version: null, text: '' })
  await document.keepMine()
  expect(it.text()).toBe('mine')
})

test('refuses what is no text, and only shows what it could spoil', async () => {
  const it = computer('')
  it.writeBytes(Uint8Array.of(1, 0, 2))
  expect((await open(it)).loaded).toMatchObject({ refused: 'binary' })
  it.writeBytes(Uint8Array.of(0xe9))
  expect((await open(it)).loaded).toMatchObject({ text: 'é', readOnly: expect.stringMatching(/UTF-8/) })
  it.writeBytes(new Uint8Array(3 * 1024 * 1024).fill(97))
  expect((await open(it)).loaded).toMatchObject({ readOnly: expect.stringMatching(/read only/) })
  it.writeBytes(new Uint8Array(9 * 1024 * 1024).fill(97))
  expect((await open(it)).loaded).toMatchObject({ readOnly: expect.stringMatching(/beginning/) })
  expect((await open(computer(null))).loaded).toMatchObject({ refused: 'gone' })
})

test('writes nothing for a viewer', async () => {
  const it = computer('one')
  const write = vi.spyOn(it.api, 'write')
  const { document, type, loaded } = await open(it, browser(), true)
  expect(loaded).toMatchObject({ readOnly: expect.stringMatching(/viewer/) })
  type('mine')
  await document.save()
  expect(write).not.toHaveBeenCalled()
})

test('brings back what was typed into a file that is gone, for its person to decide', async () => {
  const it = computer(null)
  const kept = { text: 'mine', base: { version: '1', text: 'one' }, at: 1 }
  const { document, loaded, view, drafts } = await open(it, browser(kept))
  expect(loaded).toMatchObject({ text: 'mine', readOnly: null, isRestored: true })
  expect(view()).toMatchObject({ isDirty: true, theirs: { version: null } })
  expect(drafts.size).toBe(1)
  await document.keepMine()
  expect(it.text()).toBe('mine')
})

test('does not take its own text for somebody else’s, when the word that it was saved was lost', async () => {
  const it = computer('one')
  const { document, type, view } = await open(it)
  it.loseAnswer()
  type('two')
  await document.save()
  expect(view()).toMatchObject({ isDirty: true, failure: expect.stringContaining('kept in this browser') })
  expect(it.text()).toBe('two')
  type('three')
  await document.retry()
  expect(it.text()).toBe('three')
  expect(view()).toMatchObject({ isDirty: false, theirs: null, failure: null })
})
