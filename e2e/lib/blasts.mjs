// What people do with message blasts, in their words; used with App of pages.mjs.
export class Blasts {
  constructor(app) {
    this.app = app;
    this.page = app.page;
  }

  async open(id = '') {
    await this.page.goto(id ? `/blasts/${id}` : '/blasts');
    await this.app.settled();
  }

  // The inbox's dialog, with so many chosen by name.
  async choose(...names) {
    await this.page.goto('/inbox');
    await this.app.inboxShown();
    await this.app.openNewConversation();
    for (const name of names) await this.add(this.dialog(), 'Add people', name);
    return this.dialog();
  }

  dialog() {
    return this.app.newConversation();
  }

  // Types a name into a field for people and takes the option that begins with it.
  async add(where, field, name) {
    await where.getByRole('searchbox', { name: field }).fill(name);
    await this.option(name).click();
  }

  option(name) {
    return this.page.getByRole('option', { name: new RegExp(`^${name}`) }).first();
  }

  async write(text, title) {
    await this.message().fill(text);
    if (title) await this.page.getByRole('textbox', { name: 'Title' }).fill(title);
  }

  message() {
    return this.page.getByRole('textbox', { name: 'Message', exact: true });
  }

  heading(title) {
    return this.page.getByRole('heading', { level: 1, name: title });
  }

  preview() {
    return this.page.getByRole('complementary', { name: 'Preview' });
  }

  sendTo(many) {
    return this.page.getByRole('button', { name: `Send to ${many}`, exact: true });
  }

  undo() {
    return this.page.getByRole('button', { name: 'Undo', exact: true });
  }

  progress() {
    return this.page.getByRole('region', { name: 'Progress' });
  }

  // Waits until so many of so many are sent.
  async sent(done, of = done) {
    await this.progress().getByRole('heading', { name: `${done} / ${of} sent` }).waitFor({ timeout: 25_000 });
  }

  skipped() {
    return this.page.getByRole('table', { name: 'Skipped clients' });
  }

  recipients() {
    return this.page.getByRole('table', { name: 'Recipients' });
  }

  recipient(name) {
    return this.recipients().getByRole('row').filter({ hasText: name });
  }

  row(title) {
    return this.page.getByRole('navigation', { name: 'Blasts' }).getByRole('link').filter({ hasText: title }).first();
  }
}
