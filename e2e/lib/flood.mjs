// Fills a conversation with very many messages, as many people writing for a long time would.
import { Agent, request } from 'node:http';

// Sends `count` messages in turn as the people given, many at once; body(i) says what. Gives up after `limit` ms.
export async function flood(url, conversation, people, count, body, { limit = 240_000, lanes = 64 } = {}) {
  const agent = new Agent({ keepAlive: true, maxSockets: lanes });
  const until = Date.now() + limit;
  let sent = 0;
  const lane = async () => {
    while (sent < count) {
      const i = ++sent;
      if (Date.now() > until) throw new Error(`only ${i} of ${count} messages in ${limit} ms`);
      await post(agent, `${url}/api/v1/conversations/${conversation}/messages`, people[i % people.length].token, { body: body(i) });
    }
  };
  try {
    await Promise.all(Array.from({ length: lanes }, lane));
  } finally {
    agent.destroy();
  }
}

function post(agent, url, token, content) {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const call = request(url, { method: 'POST', agent, headers, timeout: 30_000 }, (answer) => {
      answer.resume();
      answer.once('end', () => (answer.statusCode === 201 ? resolve() : reject(new Error(`POST ${url}: ${answer.statusCode}`))));
    });
    call.once('error', reject);
    call.end(JSON.stringify(content));
  });
}
