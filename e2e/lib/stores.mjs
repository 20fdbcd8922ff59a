// Everything that a browser keeps for the origin of a page, as one object of texts.
export async function dump(page) {
  const kept = await page.evaluate(async () => {
    const all = {};
    const put = (where, what) => (all[where] = `${all[where] ?? ''}${what}\n`);
    for (const [name, store] of [['localStorage', localStorage], ['sessionStorage', sessionStorage]])
      for (let i = 0; i < store.length; i++) put(name, `${store.key(i)}=${store.getItem(store.key(i))}`);
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const answer = await cache.match(request);
        put(`cache ${name}`, `${request.url}\n${JSON.stringify([...answer.headers])}\n${await answer.text()}`);
      }
    }
    const result = (ask) => new Promise((resolve, reject) => {
      ask.onsuccess = () => resolve(ask.result);
      ask.onerror = () => reject(ask.error);
    });
    for (const { name } of await indexedDB.databases()) {
      put('indexedDB', name);
      const db = await result(indexedDB.open(name));
      for (const store of db.objectStoreNames)
        put('indexedDB', JSON.stringify(await result(db.transaction(store).objectStore(store).getAll())));
      db.close();
    }
    try {
      const root = await navigator.storage.getDirectory();
      for await (const name of root.keys()) put('files', name);
    } catch {
      // Not every context has it.
    }
    put('cookies', document.cookie);
    put('history', JSON.stringify(history.state));
    put('window', window.name);
    return all;
  });
  const cookies = await page.context().cookies();
  kept.cookies += cookies.map((c) => `${c.name}=${c.value}`).join('\n');
  return kept;
}

// Where any of the words is found: "canary in localStorage".
export function found(kept, words) {
  return Object.entries(kept).flatMap(([where, text]) =>
    words.filter((word) => text.toLowerCase().includes(word.toLowerCase())).map((word) => `${word} in ${where}`));
}

// The addresses that Cache Storage has, without the origin.
export function cached(page) {
  return page.evaluate(async () => {
    const urls = [];
    for (const name of await caches.keys())
      for (const request of await (await caches.open(name)).keys()) urls.push(new URL(request.url).pathname);
    return urls.sort();
  });
}
