/** Test images without a registry: this machine's programs, their libraries and the fake instance, as one layer. */
import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { access, chmod, cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type Docker from 'dockerode'

const run = promisify(execFile)
const REPOSITORY = 'mosr-test'
const ENTRYPOINT = fileURLToPath(new URL('./public-entrypoint.sh', import.meta.url))
const FAKE_INSTANCE = fileURLToPath(new URL('./fake-instance.ts', import.meta.url))

async function librariesOf(binary: string): Promise<string[]> {
  const { stdout } = await run('ldd', [binary])
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].flatMap(([, path]) => path ?? [])
}

/** What the public image's entrypoint and terminal need. */
const TOOLS = ['sh', 'bash', 'script', 'setpriv', 'chown', 'chmod', 'cp', 'mkdir', 'sleep']

async function pathOf(tool: string): Promise<string> {
  for (const folder of ['/usr/bin', '/bin']) {
    const path = join(folder, tool)
    const found = await access(path).then(
      () => true,
      () => false,
    )
    if (found) return path
  }
  throw new Error(`The test image needs ${tool}, which this machine lacks.`)
}

/** A program of this machine with its libraries, into an image's root; `as`: its path there. */
export async function copyProgram(program: string, root: string, as = program): Promise<void> {
  await mkdir(join(root, dirname(as)), { recursive: true })
  await cp(program, join(root, as), { dereference: true })
  for (const library of await librariesOf(program)) {
    await mkdir(join(root, dirname(library)), { recursive: true })
    await cp(library, join(root, library), { dereference: true })
  }
}

async function fillRoot(root: string, programs: string[]): Promise<void> {
  for (const folder of ['app/template/system', 'bin', 'tmp', 'home/matrixos/home']) {
    await mkdir(join(root, folder), { recursive: true })
  }
  for (const program of programs) await copyProgram(program, root, join('/bin', basename(program)))
  await cp(FAKE_INSTANCE, join(root, 'app/main.ts'))
  await cp(ENTRYPOINT, join(root, 'app/entrypoint.sh'))
  await chmod(join(root, 'app/entrypoint.sh'), 0o755)
  await writeFile(join(root, 'app/template/soul'), 'as the template has it')
  await writeFile(join(root, 'app/package.json'), '{"type":"module"}')
}

export interface TestImages {
  /** With the labels of a hardened image that trusts the edge and has one port. */
  hardened: string
  /** Without labels, and with the public image's habits: see `public-entrypoint.sh`. */
  plain: string
  /** The same with the public image's two ports, and its bearer. */
  public: string
}

const PLAIN = ['ENTRYPOINT ["/app/entrypoint.sh"]', 'ENV PATH=/bin MATRIX_HOME=/home/matrixos/home']

/** What it is made of: another Node or fake instance makes another one. */
async function fingerprint(programs: string[]): Promise<string> {
  const hash = createHash('sha256').update(process.version)
  for (const file of [ENTRYPOINT, FAKE_INSTANCE, import.meta.filename]) hash.update(await readFile(file))
  for (const program of programs) {
    const { size, mtimeMs } = await stat(program)
    hash.update(`${program} ${size} ${mtimeMs}\n`)
  }
  return hash.digest('hex').slice(0, 16)
}

async function importBase(docker: Docker, base: string, programs: string[]): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'mosr-root-'))
  try {
    await fillRoot(root, programs)
    const tar = spawn('tar', ['-C', root, '-c', '.'], { stdio: ['ignore', 'pipe', 'inherit'] })
    const stream = await docker.importImage(tar.stdout, { repo: REPOSITORY, tag: base })
    await new Promise((resolve, reject) =>
      docker.modem.followProgress(stream, (error, output) => (error ? reject(error) : resolve(output))),
    )
  } finally {
    await rm(root, { recursive: true })
  }
}

/** The name of an image with the files of all others. It is kept: making it takes seconds, and ten files of tests need it. */
async function baseImage(docker: Docker): Promise<string> {
  const programs = [process.execPath, ...(await Promise.all(TOOLS.map(pathOf)))]
  const base = `base-${await fingerprint(programs)}`
  const found = await docker.listImages({ filters: { reference: [`${REPOSITORY}:${base}`] } })
  if (found.length === 0) await importBase(docker, base, programs)
  return `${REPOSITORY}:${base}`
}

/** Makes all of them; `tag` is their common prefix. */
export async function importTestImages(docker: Docker, tag: string): Promise<TestImages> {
  const variants = {
    hardened: [
      'ENTRYPOINT ["/bin/node","/app/main.ts"]',
      'LABEL os.matrix.hardened=1 os.matrix.trust=edge os.matrix.ports.gateway=4000',
    ],
    plain: PLAIN,
    public: [...PLAIN, 'CMD ["--public"]'],
  }
  const container = await docker.createContainer({ Image: await baseImage(docker), Cmd: ['/bin/node'] })
  try {
    for (const [name, changes] of Object.entries(variants))
      await container.commit({ repo: REPOSITORY, tag: `${tag}-${name}`, changes: changes.join('\n') })
  } finally {
    await container.remove()
  }
  return {
    hardened: `${REPOSITORY}:${tag}-hardened`,
    plain: `${REPOSITORY}:${tag}-plain`,
    public: `${REPOSITORY}:${tag}-public`,
  }
}
