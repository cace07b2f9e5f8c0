/** The pages of a PDF, each drawn when it comes into sight. */
import type { PDFDocumentProxy, RenderTask } from 'pdfjs-dist'
import { useEffect, useRef, useState } from 'react'
import { useWidth } from '../../files/ui/use-width.ts'
import { type OpenPdf, openPdf } from './open.ts'

export interface PdfViewProps {
  address: string
  onFailure: (words: string) => void
}

const PAGE_AT_MOST = 1_000
const GAP = 32
/** A file may say that it has any number of them. */
const PAGES_AT_MOST = 2_000
/** Of a canvas, which browsers refuse beyond about that much. */
const AREA_AT_MOST = 16_000_000
const SIDE_AT_MOST = 16_000

export default function PdfView({ address, onFailure }: PdfViewProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const width = useWidth(scroller)
  const [pdf, setPdf] = useState<{ document: PDFDocumentProxy; ratio: number } | null>(null)
  useEffect(() => {
    let isOver = false
    let opened: OpenPdf | null = null
    const open = async () => {
      opened = await openPdf(address)
      if (isOver) return opened.end()
      const { width, height } = (await opened.document.getPage(1)).getViewport({ scale: 1 })
      if (!isOver) setPdf({ document: opened.document, ratio: height / width })
    }
    open().catch((error) => {
      if (!isOver) onFailure(wordsOf(error))
    })
    return () => {
      isOver = true
      opened?.end()
    }
  }, [address, onFailure])
  const pageWidth = Math.min(PAGE_AT_MOST, width - GAP)
  const pages = pdf?.document.numPages ?? 0
  return (
    <div
      className="pdf"
      ref={scroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys.
      tabIndex={0}
      role="document"
      aria-label={pdf ? `${pages} pages` : 'Opening'}
    >
      {pdf && width > 0
        ? Array.from({ length: Math.min(pages, PAGES_AT_MOST) }, (_, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: pages stay in order.
            <Page key={index} number={index + 1} width={pageWidth} {...pdf} />
          ))
        : null}
      {pages > PAGES_AT_MOST && (
        <p className="said">
          Only the first {PAGES_AT_MOST.toLocaleString('en')} of {pages.toLocaleString('en')} pages are shown
          here.
        </p>
      )}
    </div>
  )
}

function wordsOf(error: unknown): string {
  const name = error instanceof Error ? error.name : ''
  if (name === 'PasswordException') return 'This PDF is locked with a password, so I can’t show it.'
  return name === 'InvalidPDFException' ? 'This is no PDF that I can read.' : 'I could not read this PDF.'
}

function scaleFor(bare: { width: number; height: number }, width: number): number {
  const wanted = (width / bare.width) * Math.min(2, devicePixelRatio)
  const byArea = Math.sqrt(AREA_AT_MOST / (bare.width * bare.height))
  return Math.min(wanted, byArea, SIDE_AT_MOST / Math.max(bare.width, bare.height))
}

interface PageProps {
  document: PDFDocumentProxy
  number: number
  width: number
  /** Height by width of the first page: the others are taken to be like it until they are seen. */
  ratio: number
}

function Page({ document, number, width, ratio }: PageProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [isSeen, setIsSeen] = useState(false)
  const [own, setOwn] = useState<number | null>(null)
  useEffect(() => {
    if (!canvas.current) return
    const observer = new IntersectionObserver(([entry]) => setIsSeen(entry?.isIntersecting ?? false), {
      rootMargin: '600px',
    })
    observer.observe(canvas.current)
    return () => observer.disconnect()
  }, [])
  useEffect(() => {
    const element = canvas.current
    if (!isSeen || !element) return
    let isOver = false
    let task: RenderTask | null = null
    void document.getPage(number).then((page) => {
      if (isOver) return
      const bare = page.getViewport({ scale: 1 })
      const viewport = page.getViewport({ scale: scaleFor(bare, width) })
      element.width = viewport.width
      element.height = viewport.height
      setOwn(bare.height / bare.width)
      task = page.render({ canvas: element, viewport })
      task.promise.catch(() => undefined)
    })
    return () => {
      isOver = true
      task?.cancel()
      // Out of sight it keeps its place, and not its picture, which is some megabytes.
      element.width = 0
      element.height = 0
    }
  }, [isSeen, document, number, width])
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={`Page ${number}`}
      style={{ width, height: width * (own ?? ratio) }}
    />
  )
}
