import type { Connect, Plugin } from "vite";

/**
 * The headers that make a page cross-origin isolated (web.dev/articles/coop-coep). Browsers allow shared memory
 * between threads only in such pages. The scripts of Workers need the headers too.
 */
export const isolationHeaders = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
} as const;

/**
 * Makes Vite's servers send these headers with every response. On other servers, the service worker of the built page
 * adds them.
 */
export function crossOriginIsolation(): Plugin {
  return {
    name: "unsnow:cross-origin-isolation",
    // Before the plugins that answer requests.
    enforce: "pre",
    configureServer: ({ middlewares }) => {
      middlewares.use(addHeaders);
    },
    configurePreviewServer: ({ middlewares }) => {
      middlewares.use(addHeaders);
    },
  };
}

const addHeaders: Connect.NextHandleFunction = (_request, response, next) => {
  for (const [name, value] of Object.entries(isolationHeaders)) response.setHeader(name, value);
  next();
};
