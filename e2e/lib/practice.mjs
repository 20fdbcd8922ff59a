// Invented people. A practice is an owner (from `hearth setup`), a provider, and their client, who share a
// direct conversation; more is added by the tests that need it.
import { Api } from './api.mjs';
import { Hearth } from './server.mjs';

export const password = 'correct horse battery';

export const owner = { organization: 'Maple Court Practice', name: 'Ada Quill', email: 'ada@maplecourt.example', password };
export const provider = { name: 'Dr. Rowan Pike', email: 'rowan@maplecourt.example', password };
export const client = { name: 'Juniper Vale', email: 'juniper@mail.example', password };
export const otherOwner = { organization: 'Harbour Lane Clinic', name: 'Bo Tern', email: 'bo@harbourlane.example', password };

export class Practice {
  // Starts a server with one practice; `people` false leaves the owner alone.
  static async open(name, { organizations = [owner], people = true, ...options } = {}) {
    const server = await Hearth.start(name, { organizations, ...options });
    try {
      const practice = new Practice();
      practice.server = server;
      practice.owner = await Api.signIn(server.url, owner.email, password);
      if (people) await practice.#populate();
      return practice;
    } catch (error) {
      await server.remove();
      throw error;
    }
  }

  async #populate() {
    this.providerId = (await this.addStaff({ ...provider, role: 'provider' })).id;
    const added = await this.addClient(client);
    this.clientId = added.id;
    this.provider = await Api.signIn(this.server.url, provider.email, password);
    this.client = await Api.signIn(this.server.url, client.email, password);
    this.conversation = added.direct_conversation_id;
  }

  addStaff({ name, email, role = 'provider', ...more }) {
    return this.owner.post('/staff', { name, email, role, password, ...more });
  }

  addClient({ name, email, ...more }) {
    return this.owner.post('/clients', { name, email, password, primary_provider_id: this.providerId, ...more });
  }

  signIn(email) {
    return Api.signIn(this.server.url, email, password);
  }

  async close() {
    await this.server.remove();
  }
}
