// What a page costs on the wire, as the browser counted it: headers and compressed bodies of every response.

// Starts counting; the function it answers stops and gives {bytes, requests: [{url, bytes}]}.
export async function weigh(page) {
  const session = await page.context().newCDPSession(page);
  const requests = new Map();
  session.on('Network.responseReceived', ({ requestId, response }) => requests.set(requestId, { url: response.url, bytes: 0 }));
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const request = requests.get(requestId);
    if (request) request.bytes = encodedDataLength;
  });
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  // A first visit has no service worker yet, nor what it keeps.
  await session.send('Network.setBypassServiceWorker', { bypass: true });
  return async () => {
    await session.detach();
    const list = [...requests.values()].sort((a, b) => b.bytes - a.bytes);
    return { bytes: list.reduce((sum, request) => sum + request.bytes, 0), requests: list };
  };
}

// The heaviest requests, for a message.
export const listed = (requests) => requests.slice(0, 14).map((r) => `  ${String(r.bytes).padStart(7)} ${new URL(r.url).pathname}`).join('\n');
