/**
 * Makes texts fit for rows, streams and pages: instances print whatever they like, and PostgreSQL refuses NUL bytes.
 */
import { stripVTControlCharacters } from 'node:util'
import { ERROR_DETAIL_LENGTH, type ErrorBody } from '@matrixos/shared'
import type { AppError } from '../../errors.ts'
import { redacted } from '../output/redact.ts'

const MESSAGE_LENGTH = 500
const LINE_LENGTH = 400
/** What is looked at of a longer text: its end. */
const READ_LENGTH = 65_536

/** Everything that moves a cursor, reorders text or cannot be stored, except line breaks. */
const UNPRINTABLE = /(?!\n)\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu

/** The end of a text, at most `length` characters: printable, well-formed, lines of at most 400 characters. */
export function printable(text: string, length: number): string {
  const lines = stripVTControlCharacters(text.slice(-READ_LENGTH))
    .replace(/\r\n?/g, '\n')
    .replaceAll('\t', '  ')
    .replace(UNPRINTABLE, '')
    .split('\n')
    .map((line) => (line.length > LINE_LENGTH ? `${line.slice(0, LINE_LENGTH)}…` : line))
  // Cutting may part a pair of surrogates.
  return lines.join('\n').trim().slice(-length).toWellFormed()
}

/** A failure as its instance's row keeps it and its owner reads it. */
export function failureBody(error: AppError): ErrorBody {
  const detail = redacted(printable(error.detail ?? '', ERROR_DETAIL_LENGTH))
  return {
    ...error.toBody(),
    message: printable(error.message, MESSAGE_LENGTH),
    ...(detail ? { detail } : {}),
  }
}

/** In place of a failure that could not be recorded as it was. */
export const UNRECORDED: ErrorBody = {
  code: 'internal',
  message: 'It failed, and the reason could not be saved. The platform’s log has the details.',
}
