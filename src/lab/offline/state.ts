import { signal } from "@preact/signals";

/** Whether the page is cross-origin isolated. If it is not, its Workers cannot share memory, and one thread computes. */
export type Isolation =
  | "isolated"
  /** This load is not, but the service worker is active now, so the next load will be. */
  | "after a reload"
  /** Neither the server nor a service worker sends the headers, or the browser ignores them. */
  | "not isolated";

export const isolation = signal<Isolation>(
  globalThis.crossOriginIsolated === true ? "isolated" : "not isolated",
);
