// Each note is one entry of the app's own store: note:TIME-RANDOM.
const form = document.querySelector('form')
const list = document.querySelector('#notes')
const said = document.querySelector('#said')

async function show() {
  const keys = (await mos.kv.keys('note:')).sort().reverse().slice(0, 100)
  const notes = await Promise.all(keys.map((key) => mos.kv.get(key)))
  list.replaceChildren(...notes.filter(Boolean).map(draw))
  if (notes.length === 0) list.textContent = 'Nobody has signed yet. Be the first.'
}

function draw({ name, words, at }) {
  const item = document.createElement('li')
  const who = document.createElement('b')
  const when = document.createElement('time')
  const text = document.createElement('p')
  // As text: what somebody writes is never a part of the page.
  who.textContent = name
  when.textContent = ` · ${new Date(at).toLocaleDateString()}`
  text.textContent = words
  item.append(who, when, text)
  return item
}

form.addEventListener('submit', async (event) => {
  event.preventDefault()
  const { name, words } = Object.fromEntries(new FormData(form))
  const at = Date.now()
  try {
    await mos.kv.set(`note:${at}-${crypto.randomUUID().slice(0, 8)}`, { name, words, at })
    form.reset()
    said.textContent = 'Thank you.'
    await show()
  } catch (error) {
    said.textContent = error.message
  }
})

show().catch((error) => {
  said.textContent = error.message
})
