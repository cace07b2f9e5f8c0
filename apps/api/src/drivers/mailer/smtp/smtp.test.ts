import { createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'
import { createSmtpMailer } from './index.ts'

interface Conversation {
  commands: string[]
  mail: string
}

/** As much of an SMTP server as one conversation needs (RFC 5321). `refuses`: a recipient. */
async function startSmtp(refuses = 'nobody@example.org') {
  const conversations: Conversation[] = []
  const serve = (socket: Socket) => {
    const talk: Conversation = { commands: [], mail: '' }
    conversations.push(talk)
    let isData = false
    const say = (line: string) => socket.write(`${line}\r\n`)
    say('220 mail.test ESMTP')
    createInterface(socket).on('line', (line) => {
      if (isData) {
        isData = line !== '.'
        if (isData) talk.mail += `${line}\n`
        else say('250 queued')
        return
      }
      talk.commands.push(line)
      if (line.startsWith('EHLO')) return say('250-mail.test\r\n250 AUTH PLAIN')
      if (line.startsWith('AUTH')) return say('235 welcome')
      if (line.startsWith('RCPT') && line.includes(refuses)) return say('550 no such mailbox')
      if (line === 'DATA') {
        isData = true
        return say('354 go on')
      }
      if (line === 'QUIT') return void socket.end('221 bye\r\n')
      say('250 ok')
    })
    socket.on('error', () => {})
  }
  const server = createServer(serve)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('It listens nowhere.')
  return {
    url: `smtp://user:pass%20word@127.0.0.1:${address.port}`,
    conversations,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

it('hands a mail in, as whom it was told to be', async () => {
  await using smtp = await startSmtp()
  const mailer = createSmtpMailer({ url: smtp.url, from: 'Matrix OS <no-reply@example.org>' })
  const mail = {
    to: 'ada@example.org',
    subject: 'Your AI credits are used up',
    text: 'Hello ada,\n\nit’s so.\n',
  }
  await mailer.send({ ...mail, messageId: '<alert.1@app.example.org>' })
  mailer.close()
  const [talk] = smtp.conversations
  expect(talk?.commands.slice(0, 5)).toEqual([
    expect.stringMatching(/^EHLO /),
    `AUTH PLAIN ${Buffer.from('\0user\0pass word').toString('base64')}`,
    'MAIL FROM:<no-reply@example.org>',
    'RCPT TO:<ada@example.org>',
    'DATA',
  ])
  expect(talk?.mail).toContain('From: Matrix OS <no-reply@example.org>')
  expect(talk?.mail).toContain('To: ada@example.org')
  expect(talk?.mail).toContain('Subject: Your AI credits are used up')
  expect(talk?.mail).toContain('Message-ID: <alert.1@app.example.org>')
  expect(talk?.mail).toContain('Auto-Submitted: auto-generated')
})

it('says when a mailbox is refused, or nobody listens', async () => {
  await using smtp = await startSmtp()
  const from = 'no-reply@example.org'
  const mail = { to: 'nobody@example.org', subject: 's', text: 't' }
  await expect(createSmtpMailer({ url: smtp.url, from }).send(mail)).rejects.toThrow('550')
  const away = createSmtpMailer({ url: 'smtp://127.0.0.1:1', from })
  await expect(away.send(mail)).rejects.toThrow('ECONNREFUSED')
})

it('reads one address as one, whatever it looks like', async () => {
  await using smtp = await startSmtp()
  const mailer = createSmtpMailer({ url: smtp.url, from: 'no-reply@example.org' })
  await mailer.send({ to: "o'brien,x@example.org", subject: 's', text: 't' }).catch(() => undefined)
  const recipients = smtp.conversations.flatMap(({ commands }) =>
    commands.filter((line) => /^RCPT/.test(line)),
  )
  expect(recipients.length).toBeLessThanOrEqual(1)
})

it('gives up a server that goes on saying that more is to come, and leaves it', async () => {
  const { promise: left, resolve: leave } = Promise.withResolvers<void>()
  const server = createServer((socket) => {
    socket.on('error', () => {}).on('close', () => leave())
    socket.write('220 mail.test ESMTP\r\n')
    const timer = setInterval(() => socket.write('250-more\r\n'), 20)
    socket.on('close', () => clearInterval(timer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('It listens nowhere.')
  const url = `smtp://127.0.0.1:${address.port}`
  const mailer = createSmtpMailer({ url, from: 'no-reply@example.org', timeoutMs: 200 })
  const sent = mailer.send({ to: 'ada@example.org', subject: 's', text: 't' })
  await expect(sent).rejects.toThrow(/abort|time/i)
  await left
  await new Promise<void>((resolve) => server.close(() => resolve()))
})
