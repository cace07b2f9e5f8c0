/**
 * Opens a PDF with pdf.js. The browser's own viewer would have to run outside of a sandbox, is not there on phones, and
 * looks like no part of this computer; here a file becomes pictures on a canvas, and its scripts, forms and links
 * nothing at all.
 */
import { getDocument, type PDFDocumentProxy, PDFWorker, version } from 'pdfjs-dist'

export interface OpenPdf {
  document: PDFDocumentProxy
  end(): void
}

/** Reads what is needed of it, when it is needed. */
export async function openPdf(url: string): Promise<OpenPdf> {
  const port = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  const worker = PDFWorker.create({ port })
  const task = getDocument({
    ...{ url, worker, disableAutoFetch: true, rangeChunkSize: 256 * 1024 },
    enableXfa: false,
    // The page's policy allows no WebAssembly; the build puts the plain decoders there.
    useWasm: false,
    wasmUrl: `${location.origin}/assets/pdf-${version}/`,
  })
  const end = () => {
    void task.destroy().finally(() => {
      worker.destroy()
      port.terminate()
    })
  }
  try {
    return { document: await task.promise, end }
  } catch (error) {
    end()
    throw error
  }
}
