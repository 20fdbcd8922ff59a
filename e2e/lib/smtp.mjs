// A mailbox on loopback that speaks just enough SMTP to take mail in: what the program really puts on the wire.
import { createServer } from 'node:net';

export class Mailbox {
  // Starts listening; mail arrives in .mails as {from, to: [], text}.
  static async open() {
    const box = new Mailbox();
    box.mails = [];
    box.server = createServer((socket) => box.#serve(socket));
    await new Promise((resolve) => box.server.listen(0, '127.0.0.1', resolve));
    box.url = `smtp://127.0.0.1:${box.server.address().port}?tls=none`;
    return box;
  }

  #serve(socket) {
    let pending = '';
    let mail = { from: '', to: [], text: '' };
    let inData = false;
    const say = (line) => socket.write(`${line}\r\n`);
    socket.setEncoding('latin1');
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      pending += chunk;
      for (let end = pending.indexOf('\r\n'); end >= 0; end = pending.indexOf('\r\n')) {
        const line = pending.slice(0, end);
        pending = pending.slice(end + 2);
        if (inData) takeData(line);
        else command(line);
      }
    });
    say('220 mailbox ESMTP');

    const takeData = (line) => {
      if (line !== '.') {
        mail.text += `${line.startsWith('..') ? line.slice(1) : line}\n`;
        return;
      }
      this.mails.push(mail);
      mail = { from: '', to: [], text: '' };
      inData = false;
      say('250 taken');
    };

    const command = (line) => {
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'EHLO' || verb === 'HELO') say('250 mailbox');
      else if (verb === 'MAIL') { mail.from = line.match(/<(.*?)>/)?.[1] ?? ''; say('250 ok'); }
      else if (verb === 'RCPT') { mail.to.push(line.match(/<(.*?)>/)?.[1] ?? ''); say('250 ok'); }
      else if (verb === 'DATA') { inData = true; say('354 go on'); }
      else if (verb === 'QUIT') { say('221 bye'); socket.end(); }
      else say('250 ok');
    };
  }

  close() {
    this.server.closeAllConnections?.();
    return new Promise((resolve) => this.server.close(resolve));
  }
}

// The words of a mail, with the transfer encodings undone, so that a link can be found in it.
export function readable(text) {
  const parts = text.split(/^--.*$/m).map((part) => {
    const body = part.slice(part.search(/\n\s*\n/) + 1);
    if (/content-transfer-encoding:\s*base64/i.test(part)) return Buffer.from(body.replace(/\s/g, ''), 'base64').toString('utf8');
    return Buffer.from(body.replace(/=\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))), 'latin1').toString('utf8');
  });
  return parts.join('\n');
}
