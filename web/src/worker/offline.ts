/** The last resort: no connection, and the device has let go of the app. */
const page = `<!doctype html><html lang="en-US"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>You’re offline · Hearth</title>
<main style="font:17px/1.5 system-ui,sans-serif;max-width:26rem;margin:20vh auto 0;padding:0 20px">
<h1 style="font-size:1.4em">You’re offline</h1>
<p>Hearth keeps no messages on this device, so it needs a connection to show them. Nothing is lost.</p>
<p><a href="">Try again</a></p></main></html>`;

const headers = {
  "Content-Type": "text/html; charset=utf-8",
  "Content-Security-Policy":
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
  "Cache-Control": "no-store",
};

export function offlinePage(): Response {
  return new Response(page, { status: 503, statusText: "Offline", headers });
}
