// Everybody who opens this page is in one room. The first two play; the others watch.
const LINES = ['012', '345', '678', '036', '147', '258', '048', '246']
const NEW = { cells: '---------', next: 'X', X: null, O: null }

const words = document.querySelector('#words')
const people = document.querySelector('#people')
const cells = Array.from({ length: 9 }, (_, at) => {
  const cell = document.createElement('button')
  cell.type = 'button'
  cell.addEventListener('click', () => play(at))
  document.querySelector('#board').append(cell)
  return cell
})

const room = await mos.room('table')
const game = () => room.get('game') ?? NEW
// Whoever is a moment too late does not win: what they changed was not there any more.
const change = (values) => room.set('game', { ...game(), ...values }, { ifUnchanged: true })
const isHere = (id) => room.members.some((member) => member.id === id)
const mine = () => ['X', 'O'].find((sign) => game()[sign] === room.you)
const winning = ({ cells }) =>
  LINES.find(([a, b, c]) => cells[a] !== '-' && cells[a] === cells[b] && cells[b] === cells[c])

function sit() {
  const seat = ['X', 'O'].find((sign) => !isHere(game()[sign]))
  if (!mine() && seat) change({ [seat]: room.you })
}

function play(at) {
  const now = game()
  if (mine() !== now.next || now.cells[at] !== '-' || winning(now)) return
  const after = now.cells.slice(0, at) + now.next + now.cells.slice(at + 1)
  change({ cells: after, next: now.next === 'X' ? 'O' : 'X' })
}

function said(now, line) {
  if (line) return mine() === now.cells[line[0]] ? 'You win!' : `${now.cells[line[0]]} wins.`
  if (!now.cells.includes('-')) return 'Nobody wins.'
  if (!isHere(now.X) || !isHere(now.O)) return 'Send the address to somebody: you need a second player.'
  if (!mine()) return `You are watching. It is ${now.next}’s turn.`
  return mine() === now.next ? `Your turn: you are ${mine()}.` : `${now.next} is thinking.`
}

function draw() {
  sit()
  const now = game()
  const line = winning(now)
  for (const [at, cell] of cells.entries()) {
    const sign = now.cells[at]
    cell.textContent = sign === '-' ? '' : sign
    cell.dataset.sign = sign
    cell.className = line?.includes(at) ? 'won' : ''
    cell.setAttribute(
      'aria-label',
      `Row ${Math.floor(at / 3) + 1}, column ${(at % 3) + 1}: ${sign === '-' ? 'empty' : sign}`,
    )
  }
  words.textContent = said(now, line)
  people.textContent =
    room.members.length === 1 ? 'You are alone here.' : `${room.members.length} people are here.`
}

document.querySelector('#again').addEventListener('click', () => {
  if (mine()) change({ cells: NEW.cells, next: 'X' })
})
room.on('state', draw)
room.on('members', draw)
draw()
