// A push service on loopback with the browser's side of a subscription: it takes what the program sends, as a browser
// vendor's would, and reads it with the keys that only the browser has (RFC 8291).
import { createDecipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

export class PushService {
  // Starts it; what comes is in .pushes as {device, headers, text}.
  static async open() {
    const service = new PushService();
    service.pushes = [];
    service.devices = new Map();
    service.server = createServer((request, answer) => service.#take(request, answer));
    await new Promise((resolve) => service.server.listen(0, '127.0.0.1', resolve));
    service.url = `http://127.0.0.1:${service.server.address().port}`;
    return service;
  }

  // A new subscription, as a browser hands it to the page.
  subscribe(device) {
    const ecdh = createECDH('prime256v1');
    ecdh.generateKeys();
    const auth = randomBytes(16);
    this.devices.set(device, { ecdh, auth, gone: false });
    return { endpoint: `${this.url}/${device}`, keys: { p256dh: ecdh.getPublicKey('base64url'), auth: auth.toString('base64url') } };
  }

  // From now on the device is answered with 410, as one whose browser was removed.
  forget(device) {
    this.devices.get(device).gone = true;
  }

  #take(request, answer) {
    const device = request.url.slice(1);
    const known = this.devices.get(device);
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      if (!known || known.gone) return answer.writeHead(known ? 410 : 404).end();
      const body = Buffer.concat(chunks);
      this.pushes.push({ device, headers: request.headers, text: open(body, known) });
      return answer.writeHead(201).end();
    });
  }

  close() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }
}

const derive = (salt, secret, info, length) => Buffer.from(hkdfSync('sha256', secret, salt, info, length));

function open(body, { ecdh, auth }) {
  const salt = body.subarray(0, 16);
  const sender = body.subarray(21, 21 + body[20]);
  const sealed = body.subarray(21 + body[20]);
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), ecdh.getPublicKey(), sender]);
  const secret = derive(auth, ecdh.computeSecret(sender), info, 32);
  const key = derive(salt, secret, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
  const nonce = derive(salt, secret, Buffer.from('Content-Encoding: nonce\0'), 12);
  const cipher = createDecipheriv('aes-128-gcm', key, nonce);
  cipher.setAuthTag(sealed.subarray(-16));
  const padded = Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
  return padded.subarray(0, padded.lastIndexOf(2)).toString();
}
