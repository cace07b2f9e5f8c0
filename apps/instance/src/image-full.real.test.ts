/** The full image, hardened as the platform runs it: a computer to work on, whose home keeps what was made there. */
import { describeReal } from '@matrixos/testing/describe-real'
import Docker from 'dockerode'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildInstanceImage } from '../../supervisor/src/instance-image/build.ts'
import { runContainer } from './testing/container.ts'

describeReal(['docker', 'debian'], 'the full image', () => {
  const IMAGE = 'mosi-test:full'
  let instance: Awaited<ReturnType<typeof runContainer>>
  const shell = (line: string) => instance.shell(`set -e; ${line}`)

  beforeAll(async () => {
    await buildInstanceImage({ kind: 'full', tag: IMAGE })
    instance = await runContainer({ image: IMAGE })
    await instance.start()
  })
  afterAll(async () => {
    await instance?.[Symbol.asyncDispose]()
    await new Docker().getImage(IMAGE).remove({ force: true })
  })

  test('leaves an up-to-date image alone', async () => {
    expect(await buildInstanceImage({ kind: 'full', tag: IMAGE })).toEqual({ tag: IMAGE, built: false })
  })

  test('runs as its owner, with no way to become another user', async () => {
    expect(await shell('whoami; id -u; echo $HOME')).toBe('matrixos\n10001\n/home/matrixos/home')
    expect(await shell('find / -xdev -type f -perm /6000 2>/dev/null || true')).toBe('')
    expect(await shell('grep -h "^CapEff\\|^NoNewPrivs" /proc/self/status')).toMatch(
      /CapEff:\s+0+\nNoNewPrivs:\s+1/,
    )
  })

  test('clones a local repository', async () => {
    await shell(`git init -q one; cd one; echo hello > file; git add file
      git -c user.name=a -c user.email=a@b.example commit -qm first`)
    expect(await shell('git clone -q one two; cat two/file; git -C two log --format=%s')).toBe('hello\nfirst')
  })

  test('runs Python, and installs a wheel into home', async () => {
    expect(await shell('python3 -c "print(6 * 7)"')).toBe('42')
    await shell(`mkdir -p wheel/greet; cd wheel
      echo "def main(): print('hello from a wheel')" > greet/__init__.py
      cat > setup.py <<'END'
from setuptools import setup
setup(name='greet', version='1', packages=['greet'], entry_points={'console_scripts': ['greet=greet:main']})
END
      pip wheel -q --no-build-isolation --no-index --no-deps -w dist . ; pip install -q --user --no-index dist/*.whl`)
    expect(await shell('greet; command -v greet')).toBe(
      'hello from a wheel\n/home/matrixos/home/.local/bin/greet',
    )
    // Without the flag too, and in an environment of its own.
    await shell('cd wheel; pip install -q --no-index --force-reinstall dist/*.whl')
    await shell('python3 -m venv env; env/bin/pip install -q --no-index wheel/dist/*.whl')
    expect(await shell('env/bin/greet')).toBe('hello from a wheel')
  })

  test('starts a package with npm, installs it for everywhere, and compiles a native module offline', async () => {
    await shell(`mkdir tool; cd tool; npm init -y > /dev/null; npm pkg set bin.mine=cli.js
      printf '#!/usr/bin/env node\\nconsole.log("hello from npm")\\n' > cli.js; chmod +x cli.js
      npm pack --silent; npm install --global --offline ./tool-1.0.0.tgz`)
    expect(await shell('mine; command -v mine')).toBe(
      'hello from npm\n/home/matrixos/home/.npm-global/bin/mine',
    )
    await shell(`mkdir native; cd native; npm init -y > /dev/null
      echo '{ "targets": [{ "target_name": "seven", "sources": ["seven.c"] }] }' > binding.gyp
      cat > seven.c <<'END'
#include <node_api.h>
static napi_value start(napi_env env, napi_value exports) {
  napi_value seven;
  napi_create_int32(env, 7, &seven);
  napi_set_named_property(env, exports, "seven", seven);
  return exports;
}
NAPI_MODULE(seven, start)
END
      npm install --offline`)
    expect(await shell(`node -p "require('./native/build/Release/seven.node').seven"`)).toBe('7')
  })

  test('compiles and runs a program, and loads what a build leaves in its temporary folder', async () => {
    await shell(`printf '#include <stdio.h>\\nint main(void) { puts("hello"); return 0; }\\n' > hello.c
      cc -O2 -o hello hello.c`)
    expect(await shell('./hello')).toBe('hello')
    const loaded = `cd "$(mktemp -d)"; echo 'int seven(void) { return 7; }' > seven.c; cc -shared -fPIC -o seven.so seven.c
      python3 -c 'import ctypes; print(ctypes.CDLL("./seven.so").seven())'`
    expect(await shell(loaded)).toBe('7')
    await expect(shell('cp hello /tmp/hello; /tmp/hello')).rejects.toThrow(/Permission denied/)
  })

  test('has editors, a process list and a prompt that says whose computer it is', async () => {
    await shell(`vim -es -c '%s/hello/good morning/' -c wq hello.c`)
    expect(await shell('cat hello.c')).toContain('good morning')
    expect(await shell('top -b -n 1 -c -w 200')).toMatch(/node/)
    expect(
      await shell('nano --version; less --version; jq --version; rg --version; zip -v; curl --version'),
    ).toMatch(/nano/)
    expect(await shell(`cd tool; bash -ic 'echo "\${PS1@P}"'`)).toMatch(/alice.*~\/tool/)
  })

  test('keeps all of that over a stop and a start', async () => {
    await shell('echo "alias hi=\\"echo hello again\\"" >> .bashrc')
    await instance.container.stop({ t: 10 })
    await instance.start()
    expect(await shell('mine; greet; ./hello; cat two/file')).toBe(
      'hello from npm\nhello from a wheel\nhello\nhello',
    )
    expect(await shell('bash -ic hi')).toBe('hello again')
  })
})
