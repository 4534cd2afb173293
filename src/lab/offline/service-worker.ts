// Caches the built page in the browser, so that it opens without a network, and adds the headers that let its threads share
// memory, which static hosts rarely send. vite/offline-plugin.ts writes `built` before this code.

interface BuiltFiles {
  /** Changes whenever a file changes. */
  readonly version: string;
  /** The files that the page needs: addresses relative to this script, with the hash of the bytes (w3.org/TR/SRI). */
  readonly needed: Readonly<Record<string, string>>;
  /** The addresses of files that are cached once the page has requested them. */
  readonly others: readonly string[];
  /** Added to every response: they make the page cross-origin isolated. */
  readonly headers: Readonly<Record<string, string>>;
}

declare const built: BuiltFiles;
declare const self: ServiceWorkerGlobalScope;

/** Has the scope, because several builds on one origin share its caches. */
const cachePrefix = `unsnow ${self.registration.scope} `;
const cacheName = cachePrefix + built.version;
const takeOver = "take over";

/**
 * An empty page that is loaded again once the newer version controls it. A navigation while the newer version is being activated can
 * hang in Chromium. No browser asks the server for its icon.
 */
const loadsAgain = `<!doctype html><link rel="icon" href="data:,"><script>
navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
</script>`;

/** Seconds after which it is loaded again in any case: the newer version may have been faster than the page. */
const loadsAgainAfter = "3";

self.addEventListener("install", (event) => event.waitUntil(keepNeeded()));
self.addEventListener("activate", (event) => event.waitUntil(dropOldCaches()));
self.addEventListener("message", ({ data }) => {
  if (data === takeOver) void self.skipWaiting();
});
self.addEventListener("fetch", (event) => {
  const address = keptAddress(event.request);
  if (address !== undefined) event.respondWith(answer(event, address));
});

/** Caches all files or none: if a file is not of this build, for example during an upload, the old version stays. */
async function keepNeeded(): Promise<void> {
  const requests = Object.entries(built.needed).map(
    ([address, integrity]) => new Request(address, { integrity, cache: "no-cache" }),
  );
  const responses = await Promise.all(requests.map(fetchWhole));
  const cache = await caches.open(cacheName);
  try {
    await Promise.all(
      requests.map((request, index) => cache.put(request, responses[index] ?? Response.error())),
    );
  } catch (error) {
    await caches.delete(cacheName);
    throw error;
  }
}

/** The file, with the headers. Its hash is checked as it is read to its end. */
async function fetchWhole(request: Request): Promise<Response> {
  const response = await fetch(request);
  if (!response.ok) throw new TypeError(`${request.url} could not be fetched: ${response.status}.`);
  const body = await response.blob();
  return withHeaders(response, body);
}

async function dropOldCaches(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(cachePrefix) && name !== cacheName);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

/** The address under which a request's response is cached; undefined if the network is to respond. */
function keptAddress(request: Request): string | undefined {
  const { scope } = self.registration;
  const [url = ""] = request.url.split(/[?#]/);
  if (request.method !== "GET" || !url.startsWith(scope)) return undefined;
  const address = url.slice(scope.length);
  if (address === "" || address === "index.html") return "./";
  return address in built.needed || built.others.includes(address) ? address : undefined;
}

/**
 * Returns a stored response unchanged, because it already has the headers. A new response with the same body would keep the
 * event open if the page is left before it has read the body, and a newer version would wait that long.
 */
async function answer(event: FetchEvent, address: string): Promise<Response> {
  if (event.request.mode === "navigate" && (await givesWay())) {
    return withHeaders(
      new Response(null, { headers: { "Content-Type": "text/html", Refresh: loadsAgainAfter } }),
      loadsAgain,
    );
  }
  const cache = await caches.open(cacheName);
  const kept = await cache.match(address);
  if (kept) return kept;
  const fetched = await fetch(event.request);
  // A redirect that the browser must follow cannot be copied, and the browser requests its target next.
  if (fetched.type === "opaqueredirect") return fetched;
  const whole = withHeaders(fetched, await fetched.blob());
  if (fetched.ok) event.waitUntil(cache.put(address, whole.clone()));
  return whole;
}

/** The response with this body and the headers of this build. A Worker's script needs them as the page does. */
function withHeaders({ status, statusText, headers: own }: Response, body: Blob | string): Response {
  const headers = new Headers(own);
  for (const [name, value] of Object.entries(built.headers)) headers.set(name, value);
  return new Response(body, { status, statusText, headers });
}

/**
 * Whether a newer version replaces this one: when the page is loaded and no other tab has it open. Such a tab would lose its
 * files. The page is then reloaded from the newer one.
 */
async function givesWay(): Promise<boolean> {
  const { waiting } = self.registration;
  if (!waiting) return false;
  const pages = await self.clients.matchAll({ type: "window" });
  if (pages.length > 1) return false;
  waiting.postMessage(takeOver);
  return true;
}
