/** Which commands run at once, and which are asked about, and why. */
import { expect, test } from 'vitest'
import type { Risk } from '../log/entry.ts'
import { judgeCommand } from './judge.ts'

const HOME = '/home/matrixos/home'
const there = new Set([`${HOME}/notes/pad.md`, `${HOME}/.bashrc`])
const judge = (line: string, folder = HOME) =>
  judgeCommand(line, {
    ...{ home: HOME, folder, isThere: (path) => there.has(path) },
    leadsOut: (path) => path.startsWith(`${HOME}/way-out`),
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
])('asks: %s', (line, risks) => {
  for (const risk of risks) expect(judge(line)).toContain(risk)
})

test('looks at paths from where it runs', () => {
  expect(judge('cat ../config.json', `${HOME}/notes`)).toEqual(['secrets'])
  expect(judge('cat ../../x', `${HOME}/notes`)).toEqual(['leaves'])
  expect(judge('cat pad.md', `${HOME}/notes`)).toEqual([])
})
