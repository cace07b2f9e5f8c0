/** Which commands run at once, and which are asked about, and why. */
import { posix } from 'node:path'
import { expect, test } from 'vitest'
import type { Risk } from '../log/entry.ts'
import { judgeCommand } from './judge.ts'

const HOME = '/home/matrixos/home'
const there = new Set([
  ...[`${HOME}/notes/pad.md`, `${HOME}/.bashrc`, `${HOME}/config.json`, `${HOME}/apps/shop/.env`],
  ...[`${HOME}/.config/gh/hosts.yml`, `${HOME}/notes/deep/way-out`, `${HOME}/${'a'.repeat(250)}`],
])
const links = new Map([
  [`${HOME}/way-out`, '/etc'],
  [`${HOME}/notes/deep/way-out`, '/etc'],
  [`${HOME}/notes/profile`, `${HOME}/.bashrc`],
  [`${HOME}/notes/shop`, `${HOME}/apps/shop`],
  [`${HOME}/~`, '/'],
])
/** As the system would: a `..` after a link is where that leads. */
const real = (path: string): string =>
  path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .reduce((at, part) => {
      const next = posix.resolve(at, part)
      return links.get(next) ?? next
    }, '/')
const list = (folder: string) =>
  [...there, ...links.keys()].flatMap((path) => {
    if (!path.startsWith(`${folder}/`)) return []
    const [name = '', more] = path.slice(folder.length + 1).split('/')
    return [{ name, isFolder: more !== undefined }]
  })
const judge = (line: string, folder = HOME) =>
  judgeCommand(line, {
    ...{ home: HOME, folder, isThere: (path) => there.has(path), real, list },
    isPlainGit: (at) => !at.endsWith('/hostile'),
  })

test.each([
  'ls',
  'ls -la notes && cat notes/pad.md | head -n 3',
  'pwd; date',
  `cat ${HOME}/notes/pad.md`,
  'cat ~/notes/pad.md',
  'cat "$HOME/notes/pad.md"',
  'grep -rn "two words" notes 2>/dev/null',
  "grep -E 'a|b' notes/pad.md | wc -l",
  'find . -name "*.md" -type f',
  'find notes -maxdepth 2 2>&1 | sort',
  'mkdir -p apps/game && touch apps/game/index.html',
  'echo hello > notes/new.md',
  'echo more >> notes/pad.md',
  'cd notes && ls ..',
  'git status && git log --oneline -5',
  'node --version',
  'sort notes/pad.md | uniq -c',
  'echo "a; rm -rf b"',
  "echo 'rm -rf ~'",
  'ls # rm everything',
  'echo a\\ b',
  'du -sh .',
  'mkdir notes/a && cd notes/a && ls ..',
  'cat notes/*.md && wc -l apps/*/*.js',
  'sort -- *.txt',
  'git show HEAD@{1}',
  'ps -ef | head',
  'cut -d/ -f1 notes/pad.md',
  'python3 --version; node -v; git version',
  'ps -ef; ps aux; ps -eo pid,comm',
  'grep -rn x apps/game; rg -n x apps/game',
  'jq .name apps/game/app.json',
  'echo constructor __proto__',
])('runs at once: %s', (line) => expect(judge(line)).toEqual([]))

test.each<[string, Risk[]]>([
  ['rm notes/pad.md', ['deletes']],
  ['ls && rm -rf notes', ['deletes']],
  ['ls;rm x', ['deletes']],
  ['ls|rm x', ['deletes']],
  ['ls\nrm x', ['deletes']],
  ['echo "a" ; "rm" x', ['deletes']],
  ['r\\m x', ['deletes']],
  ['mv a b', ['deletes']],
  ['cp a notes/pad.md', ['deletes']],
  ['echo new > notes/pad.md', ['deletes']],
  ['echo new >| notes/pad.md', ['deletes']],
  ['cat a > notes/pad.md', ['deletes']],
  ['find . -name x -delete', ['deletes', 'runs']],
  ['find . -exec rm {} +', ['deletes', 'runs']],
  ['sort -o notes/pad.md a', ['deletes']],
  ['git clean -fd', ['deletes']],
  ['git reset --hard', ['deletes']],
  ['truncate -s 0 a', ['deletes']],
  ['tar xf a.tar', ['deletes']],
  ['ls /etc', ['leaves']],
  ['cat ../../../etc/passwd', ['leaves']],
  ['cat notes/../../x', ['leaves']],
  ['cd / && ls', ['leaves']],
  ['cd .. ; cat notes', ['leaves']],
  ['cat ~root/x', ['leaves']],
  ['grep --file=/etc/passwd x', ['leaves']],
  ['echo x > /tmp/x', ['leaves']],
  ['cat way-out/passwd', ['leaves']],
  ['sudo ls', ['leaves']],
  ['curl https://example.org', ['network', 'runs']],
  ['git push', ['network']],
  ['git clone https://example.org/a', ['network']],
  ['npm install left-pad', ['network', 'runs']],
  ['cat config.json', ['secrets']],
  ['git show HEAD:config.json', ['secrets']],
  ['git show HEAD~2:./apps/shop/.env', ['secrets']],
  // It never ends.
  ['cat /dev/zero > x', ['leaves']],
  ['cat .ssh/id_ed25519', ['secrets']],
  ['cat apps/x/.env', ['secrets']],
  ['echo x >> .bashrc', ['settings']],
  ['echo "alias ls=rm" >> ~/.profile', ['settings']],
  ['node build.js', ['runs']],
  ['python3 -c "print(1)"', ['runs']],
  ['./script.sh', ['runs']],
  ['bash -c "rm x"', ['runs']],
  ['eval ls', ['runs']],
  ['$(echo rm) x', ['runs']],
  ['cat `echo x`', ['runs']],
  ['echo $(rm x)', ['runs']],
  ['echo "$(rm x)"', ['runs']],
  ['cat $FILE', ['runs']],
  ['PATH=. ls', ['runs']],
  ['cat <<EOF\nx\nEOF', ['runs']],
  ['cat <(rm x)', ['runs']],
  ['if true; then rm x; fi', ['deletes', 'runs']],
  ['(rm x)', ['runs']],
  ['ls & rm x', ['deletes', 'runs']],
  ['xargs rm < list', ['deletes', 'runs']],
  ['timeout 5 curl x', ['network', 'runs']],
  ['env A=1 rm x', ['deletes', 'runs']],
  ['sed -i s/a/b/ notes/pad.md', ['runs']],
  ['unknown-program', ['runs']],
  ['ls "unfinished', ['runs']],
  ['find . -d{elete,epth}', ['runs']],
  ['cat {/etc/passwd,x}', ['runs']],
  ['cat {"a b",../x}', ['runs']],
  ['find . "-del\\\nete"', ['deletes']],
  ["test -v 'x[$(rm x)]'", ['runs']],
  ["[ -v 'x[$(rm x)]' ]", ['runs']],
  ["printf -v 'x[$(rm x)]' y", ['runs']],
  ['sort --outp=notes/pad.md a', ['deletes']],
  ['sort --comp=x a', ['deletes']],
  ['tree -aRo notes/pad.md', ['deletes']],
  ['uniq notes/*', ['deletes']],
  ['find . -del*', ['runs']],
  ['find *', ['runs']],
  ['sort *.txt', ['runs']],
  ['git diff *', ['runs']],
  ['cat .*/.*/x', ['runs']],
  ['cat .s[s]h/id', ['runs']],
  ['cat c*.json', ['secrets']],
  ['cat [a-d]onfig.json', ['secrets']],
  ['cd no/such; cat ../../x', ['leaves']],
  ['cd no/such || cat ../../x', ['leaves']],
  ['cd a/b && cd - && cat ../x', ['leaves']],
  ['cd -P . && cat ../x', ['runs']],
  ['date -f/etc/passwd', ['leaves']],
  ["jq -n '$ENV'", ['secrets']],
  ['ps axeww', ['secrets']],
  ['grep -vf../../x a', ['leaves']],
  ['echo x >> chats/one.jsonl', ['settings']],
  ['echo {} > apps/game/app.json', ['settings']],
  ['echo x > game/.git', ['settings']],
  ['echo x > game/.git/commondir', ['settings']],
  ['echo "rm x" | bash -v', ['runs']],
  ['bash version', ['runs']],
  ['python3 -v', ['runs']],
  ['node version', ['runs']],
  ['make version', ['runs']],
  ['curl version', ['network']],
  ['echo x | uniq - .bashrc', ['deletes', 'settings']],
  ['uniq -- -in .bashrc', ['deletes', 'settings']],
  ['xxd - .bashrc', ['deletes', 'settings']],
  ['sort -k1o notes/pad.md a', ['deletes']],
  ['tree -L2o notes/pad.md', ['deletes']],
  ['echo /etc/passwd | sort --files0-from=-', ['leaves']],
  ['echo config.json | sort --files0 -', ['secrets']],
  ['date -fconfig.json', ['secrets']],
  ['file -fnotes/../config.json', ['secrets']],
  ['cat {x},/etc/passwd}', ['runs']],
  ['cat -- -/../../../etc/passwd', ['leaves']],
  ['cat -- -1/../../../etc/passwd', ['leaves']],
  ['cat [[:alpha:]]onfig.json', ['secrets']],
  ['cat []c]onfig.json', ['secrets']],
  ['cat .config/g*/hosts.yml', ['secrets']],
  ['cat notes/deep/*', ['leaves']],
  ['cat */deep/*/../passwd', ['leaves']],
  ['cat notes/deep/way-out/../x', ['leaves']],
  ['cat "~/etc/passwd"', ['leaves']],
  ["cat '~'/etc/passwd", ['leaves']],
  ['cat \\~/etc/passwd', ['leaves']],
  ['cat ~""/etc/passwd', ['leaves']],
  ['echo x >> notes/profile', ['settings']],
  ['cat notes/shop/../../config.json', ['secrets']],
  ['cd notes/shop && cat ../../config.json', ['secrets']],
  ['jq -nf program', ['secrets']],
  ['jq -n \'import "config" as $c {search: "."}; $c\'', ['secrets']],
  ['ps -o pid,environ', ['secrets']],
  ['ps -oenviron', ['secrets']],
  ['ps -auxeww', ['secrets']],
  ['grep -r x', ['secrets']],
  ['grep -r x .', ['secrets']],
  ['grep -r -A 3 x', ['secrets']],
  ['grep x -d recurse apps', ['secrets']],
  ['rg x', ['secrets']],
  ['rg x apps', ['secrets']],
  ['grep -R x notes', ['leaves']],
  ['rg -L x notes', ['leaves']],
  ['diff -r notes apps', ['leaves']],
  ['echo x > .emacs.d/init.el', ['settings']],
  ['touch .bash_profile', ['settings']],
  ['mkdir -p game/.git/hooks', ['settings']],
  ['git diff --outpu=.bashrc', ['runs']],
  ['cd hostile && git status', ['runs']],
  [`ls ${'*a'.repeat(60)}*b config.json`, ['secrets']],
])('asks: %s', (line, risks) => {
  for (const risk of risks) expect(judge(line)).toContain(risk)
})

test('says so of a folder that leads out', () => expect(judge('ls', `${HOME}/way-out`)).toEqual(['leaves']))

test('looks at paths from where it runs', () => {
  expect(judge('cat ../config.json', `${HOME}/notes`)).toEqual(['secrets'])
  expect(judge('cat ../../x', `${HOME}/notes`)).toEqual(['leaves'])
  expect(judge('cat pad.md', `${HOME}/notes`)).toEqual([])
})
