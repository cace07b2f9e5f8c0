/** What whoever opens the script reads first: how an app uses it. */
export const BANNER = `/*!
 * What an app can do besides being a page: <script src="/.app/sdk.js"></script>, then \`mos\`. Types: /.app/sdk.d.ts
 *
 *   await mos.me()                                    // { role: 'owner' | 'viewer' | 'visitor', handle, id }
 *   await mos.kv.set('best', 42); await mos.kv.get('best')
 *   await mos.files.write('a/b.txt', 'text'); await mos.files.text('a/b.txt'); await mos.files.list('a')
 *   await mos.ai.ask('Name a colour.', { onText: (text) => … })       // its owner is asked once
 *   const room = await mos.room('lobby', { name: 'Ada' })             // everybody who has this app open
 *   room.on('state', (state) => …); room.set('turn', 'x', { ifUnchanged: true })
 *   room.on('message', ({ from, data }) => …); room.send({ hi: 1 }); room.on('members', (members) => …)
 *
 * What an app keeps is its own: no other app has it. Its owner may do all of it. What others may, app.json says:
 * { "visitors": { "kv": "none" | "read" | "write", "files": "none" | "read" } }; without it they read kv. A room is over
 * when the last one leaves.
 */`
