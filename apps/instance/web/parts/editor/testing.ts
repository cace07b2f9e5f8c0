/** A computer with one file on it, and a browser that keeps drafts: what a document in the editor talks to. */
import { FilesError } from '../files/client/problem.ts'
import type { Draft } from './drafts.ts'

const encode = (text: string) => new TextEncoder().encode(text)

/** A file that others may change, or take away. */
export function computer(text: string | null, version = '1') {
  let file: { bytes: Uint8Array; version: number } | null =
    text === null ? null : { bytes: encode(text), version: Number(version) }
  let fault: FilesError | null = null
  let last = Number(version)
  let isAnswerLost = false
  const there = () => {
    if (fault) throw fault
    if (!file) throw new FilesError('No such file.', { status: 404 })
    return file
  }
  const located = () => ({
    ...{ path: 'a.txt', name: 'a.txt', kind: 'file' as const, modifiedAt: '' },
    size: there().bytes.length,
    version: String(there().version),
  })
  return {
    api: {
      stat: async () => located(),
      read: async (_: string, atMost: number) => {
        const { bytes, version: now } = there()
        return { bytes: bytes.subarray(0, atMost), version: String(now) }
      },
      write: async (_: string, body: Blob | string, over: string | null) => {
        if (fault) throw fault
        const now = file ? String(file.version) : null
        if (over !== now) throw new FilesError('It changed.', { status: 412, version: now })
        file = { bytes: encode(String(body)), version: ++last }
        if (isAnswerLost) {
          isAnswerLost = false
          throw new FilesError('I can’t be reached.', { status: 0 })
        }
        return located()
      },
    },
    write: (next: string) => {
      file = { bytes: encode(next), version: ++last }
    },
    writeBytes: (bytes: Uint8Array) => {
      file = { bytes, version: ++last }
    },
    remove: () => {
      file = null
    },
    fail: (error: FilesError | null) => {
      fault = error
    },
    /** Of the next write: it is done, and nobody hears of it. */
    loseAnswer: () => {
      isAnswerLost = true
    },
    text: () => file && new TextDecoder().decode(file.bytes),
  }
}

export function browser(kept: Draft | null = null) {
  const drafts = new Map<string, Draft>(kept ? [['a.txt', kept]] : [])
  return {
    drafts,
    store: {
      load: async (path: string) => drafts.get(path) ?? null,
      save: async (path: string, draft: Draft) => void drafts.set(path, draft),
      saveNow: (path: string, draft: Draft) => void drafts.set(path, draft),
      remove: async (path: string) => void drafts.delete(path),
    },
  }
}
