/**
 * Has the browser keep a copy of the built page (offline/service-worker.ts), so that it opens without a network from the second
 * visit on. Not while developing. Where a browser keeps none, the page works as ever.
 */
export function keepOfflineCopy(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  const register = () => {
    const script = new URL("service-worker.js", document.baseURI).href;
    navigator.serviceWorker.register(script, { updateViaCache: "none" }).catch(() => {});
  };
  // What the page itself needs comes first.
  if (document.readyState === "complete") register();
  else window.addEventListener("load", register, { once: true });
}
