/** Finds the directive in a request. */
import type { IncomingHttpHeaders } from 'node:http'
import { ModelError, parseRequest } from '../http/errors.ts'
import { type Script, scriptSchema } from './schema.ts'

const LINE = /^#scripted (\{.*\})[^\S\n]*(?:\n|$)/

/** The header goes before the line. Throws ModelError 400 for a directive that is none: a test that errs must fail. */
export function findScript(headers: IncomingHttpHeaders, firstTexts: readonly string[]): Script {
  const header = headers['x-scripted']
  const given =
    typeof header === 'string' ? header : firstTexts.map((text) => LINE.exec(text)?.[1]).find(Boolean)
  return given ? parseRequest(scriptSchema, parseJson(given)) : {}
}

/** The text without the line, which is no part of the conversation. */
export const withoutScript = (text: string) => text.replace(LINE, '')

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ModelError('invalid_request_error', 'The scripted directive is not valid JSON.')
  }
}
