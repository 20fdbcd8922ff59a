// What stands before a server in a practice: a proxy on another port, of which a test can say that it serves
// another build, or no file at all, at some paths.
import { createServer, request } from 'node:http';
import { connect } from 'node:net';

export class Front {
  #server;
  #changes = new Map();
  #sockets = new Set();

  static async before(server) {
    const front = new Front();
    front.target = new URL(server.url);
    front.#server = createServer((from, to) => front.#pass(from, to));
    front.#server.on('upgrade', (from, socket, head) => front.#tunnel(from, socket, head));
    front.#server.on('connection', (socket) => {
      front.#sockets.add(socket);
      socket.on('close', () => front.#sockets.delete(socket));
    });
    await new Promise((resolve) => front.#server.listen(0, '127.0.0.1', resolve));
    front.url = `http://127.0.0.1:${front.#server.address().port}`;
    return front;
  }

  // From now on `change(text)` is what is served at these paths; null for nothing at all.
  serve(paths, change) {
    for (const path of paths) this.#changes.set(path, change);
  }

  // As the server has it again.
  restore() {
    this.#changes.clear();
  }

  #pass(from, to) {
    const path = new URL(from.url, this.url).pathname;
    const change = this.#changes.get(path);
    if (change === null) {
      to.writeHead(404).end();
      return;
    }
    const headers = change ? { ...from.headers, 'accept-encoding': 'identity', 'if-none-match': '' } : from.headers;
    const onward = request({ host: this.target.hostname, port: this.target.port, method: from.method, path: from.url, headers }, (answer) => {
      if (!change) {
        to.writeHead(answer.statusCode, answer.headers);
        answer.pipe(to);
        return;
      }
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => {
        const body = Buffer.from(change(Buffer.concat(parts).toString()));
        const { etag, ...rest } = answer.headers;
        to.writeHead(answer.statusCode, { ...rest, 'content-length': body.length });
        to.end(from.method === 'HEAD' ? undefined : body);
      });
    });
    onward.on('error', () => to.destroy());
    from.pipe(onward);
  }

  #tunnel(from, socket, head) {
    const onward = connect(Number(this.target.port), this.target.hostname, () => {
      const lines = from.rawHeaders.reduce((text, part, i) => text + part + (i % 2 ? '\r\n' : ': '), `${from.method} ${from.url} HTTP/1.1\r\n`);
      onward.write(`${lines}\r\n`);
      onward.write(head);
      onward.pipe(socket);
      socket.pipe(onward);
    });
    const end = () => {
      onward.destroy();
      socket.destroy();
    };
    onward.on('error', end);
    socket.on('error', end);
    onward.on('close', end);
    socket.on('close', end);
  }

  async close() {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
