/** The Dockerfile makes the same images from a registry: what it declares is compared with what is built without one. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '@matrixos/host/root'
import { HOME_IN_CONTAINER } from '@matrixos/shared'
import { describe, expect, it } from 'vitest'
import {
  APP_IN_IMAGE,
  ENTRYPOINT,
  environmentOf,
  IMAGE_LABELS,
  instructions,
  NPM_VERSION,
  OWNER,
  PACKAGES,
  SETTINGS_FILES,
  SUITE,
  TOOL_SETTINGS_FILES,
} from './config.ts'

interface Stage {
  from: string
  lines: string[]
}

const DOCKERFILE = join(ROOT, 'apps/instance/Dockerfile')

/** Instructions by stage, each on one line. */
function stages(): Record<string, Stage> {
  const lines = readFileSync(DOCKERFILE, 'utf8')
    .replace(/\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => /^[A-Z]/.test(line))
  const found: Record<string, Stage> = {}
  let stage: Stage = { from: '', lines: [] }
  for (const line of lines) {
    const start = /^FROM (\S+)(?: AS (\S+))?$/.exec(line)
    if (start) {
      stage = { from: start[1] ?? '', lines: [] }
      found[start[2] ?? 'default'] = stage
    } else stage.lines.push(line)
  }
  return found
}

const { slim, full, default: last } = stages()
const of = (stage: Stage | undefined, instruction: string): string[] =>
  stage?.lines.flatMap((line) =>
    line.startsWith(`${instruction} `) ? [line.slice(instruction.length + 1)] : [],
  ) ?? []
const pairs = (text: string[]): Record<string, string> =>
  Object.fromEntries(
    text
      .flatMap((line) => line.split(/\s+/))
      .map((pair) => /^([^=]+)="?([^"]*)"?$/.exec(pair)?.slice(1, 3) ?? [pair, '']),
  )
/** Where files of `image/etc` are copied to. */
const copiesIn = (stage: Stage | undefined): Record<string, string> =>
  Object.fromEntries(
    of(stage, 'COPY').flatMap((line) => {
      const words = line.split(/\s+/)
      const to = words.at(-1) ?? ''
      return words
        .filter((word) => word.startsWith('image/etc/'))
        .map((word) => word.slice('image/etc/'.length))
        .map((name) => [name, to.endsWith('/') ? to + name : to])
    }),
  )

describe('the Dockerfile', () => {
  it('makes the slim image unless another is asked for, and the full one on top of it', () => {
    expect(slim?.from).toBe(`node:24-${SUITE}-slim`)
    expect([full?.from, last]).toEqual(['slim', { from: 'slim', lines: [] }])
  })

  it('says the same of itself as the image that is built without a registry', () => {
    expect(pairs(of(slim, 'ENV'))).toEqual(environmentOf({ hasShell: true }))
    expect(pairs(of(slim, 'LABEL'))).toEqual(IMAGE_LABELS)
    expect(of(slim, 'ENTRYPOINT').map((text) => JSON.parse(text))).toEqual([ENTRYPOINT])
    const declared = instructions({ hasShell: true, content: '' })
    for (const name of ['USER', 'WORKDIR', 'EXPOSE']) {
      expect(of(slim, name), name).toEqual(
        declared.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1)),
      )
    }
    expect(of(full, 'USER').at(-1)).toBe(`${OWNER}:${OWNER}`)
    for (const name of ['ENV', 'LABEL', 'ENTRYPOINT', 'WORKDIR']) expect(of(full, name), name).toEqual([])
  })

  it('has the same files and packages', () => {
    expect(copiesIn(slim)).toEqual(SETTINGS_FILES)
    expect(copiesIn(full)).toEqual(TOOL_SETTINGS_FILES)
    expect(of(slim, 'COPY')).toContain(`--chown=0:0 dist ${APP_IN_IMAGE}`)
    expect(of(slim, 'COPY')).toContain(`--chown=${OWNER}:${OWNER} image/home ${HOME_IN_CONTAINER}`)
    const [run = ''] = of(full, 'RUN')
    const listed = /--no-install-recommends (.*?) &&/.exec(run)?.[1]?.trim().split(/\s+/)
    expect(listed).toEqual(PACKAGES)
    expect(run).toContain(` npm@${NPM_VERSION} `)
  })
})
