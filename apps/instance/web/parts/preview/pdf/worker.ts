/** Reads PDF in a thread of its own. Its policy is the page's: nothing that a file holds can become code. */
import 'pdfjs-dist/build/pdf.worker.min.mjs'
