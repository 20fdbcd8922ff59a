// A program's view of the API, for arranging people and conversations quickly and for checking what the
// server stored behind what a page shows.
export class Api {
  constructor(url, token) {
    this.url = url;
    this.token = token;
  }

  static async signIn(url, email, password) {
    const { token, user } = await new Api(url).post('/sessions', { email, password, bearer: true });
    return Object.assign(new Api(url, token), { user });
  }

  // Answers {status, body}; body is the parsed JSON or null.
  async raw(method, path, body) {
    const headers = { ...(this.token ? { authorization: `Bearer ${this.token}` } : {}) };
    if (body !== undefined) headers['content-type'] = 'application/json';
    const answer = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(20_000),
    });
    const text = await answer.text();
    return { status: answer.status, body: text ? JSON.parse(text) : null };
  }

  async #ok(method, path, body) {
    const answer = await this.raw(method, path, body);
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  get(path) { return this.#ok('GET', path); }
  post(path, body = {}) { return this.#ok('POST', path, body); }
  put(path, body) { return this.#ok('PUT', path, body); }
  patch(path, body) { return this.#ok('PATCH', path, body); }
  delete(path) { return this.#ok('DELETE', path); }

  // Every item of a list, over all its pages.
  async all(path) {
    const items = [];
    for (let cursor = null; ;) {
      const joint = path.includes('?') ? '&' : '?';
      const page = await this.get(`${path}${joint}limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
      items.push(...page.items);
      cursor = page.next_cursor;
      if (!cursor) return items;
    }
  }

  send(conversation, body) { return this.post(`/conversations/${conversation}/messages`, { body }); }

  // Stores a file; what it is told from its bytes.
  async upload(name, bytes) {
    const form = new FormData();
    form.set('file', new Blob([bytes]), name);
    const answer = await fetch(`${this.url}/api/v1/attachments`, { method: 'POST', headers: { authorization: `Bearer ${this.token}` }, body: form });
    if (answer.status !== 201) throw new Error(`upload of ${name}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  async sendFiles(conversation, ...files) {
    const attachment_ids = [];
    for (const [name, bytes] of files) attachment_ids.push((await this.upload(name, bytes)).id);
    return this.post(`/conversations/${conversation}/messages`, { attachment_ids });
  }

  // The whole thread in order, whatever its length.
  async thread(conversation) {
    const items = [];
    for (let more = true; more;) {
      const page = await this.get(`/conversations/${conversation}/messages?limit=200&after_seq=${items.at(-1)?.seq ?? 0}`);
      items.push(...page.items);
      more = page.has_more;
    }
    return items;
  }
}
