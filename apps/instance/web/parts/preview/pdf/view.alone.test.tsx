// @vitest-environment happy-dom
import { act, cleanup, render } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import PdfView from './view.tsx'

const viewport = { width: 600, height: 800 }
const page = {
  getViewport: () => viewport,
  render: () => ({ promise: Promise.resolve(), cancel: () => undefined }),
}
vi.mock('./open.ts', () => ({
  openPdf: async () => ({ document: { numPages: 2, getPage: async () => page }, end: () => undefined }),
}))
vi.mock('../../files/ui/use-width.ts', () => ({ useWidth: () => 800 }))

const observers = new Set<(isSeen: boolean) => void>()
class FakeObserver {
  private readonly tell: (entries: { isIntersecting: boolean }[]) => void
  constructor(tell: (entries: { isIntersecting: boolean }[]) => void) {
    this.tell = tell
  }
  observe() {
    observers.add((isIntersecting) => this.tell([{ isIntersecting }]))
  }
  disconnect() {}
}

beforeEach(() => void vi.stubGlobal('IntersectionObserver', FakeObserver))
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

test('gives the memory of a page back when it is out of sight', async () => {
  const { container } = await act(async () =>
    render(<PdfView address="/a.pdf" onFailure={() => undefined} />),
  )
  const scrollTo = (isSeen: boolean) =>
    act(async () => {
      for (const tell of observers) tell(isSeen)
    })
  const [canvas] = container.querySelectorAll('canvas')
  await scrollTo(true)
  expect(canvas?.width).toBe(600)
  await scrollTo(false)
  expect(canvas?.width).toBe(0)
  expect(canvas?.style.height).not.toBe('0px')
  await scrollTo(true)
  expect(canvas?.width).toBe(600)
})
