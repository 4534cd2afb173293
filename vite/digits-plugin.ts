import type { Connect, Plugin } from "vite";
import { digitFiles } from "./digits.ts";

/**
 * Puts `digits/images.idx.gz` and `digits/labels.idx.gz` beside what is built, and serves them under the same
 * relative addresses while developing.
 */
export function digits(): Plugin {
  return {
    name: "unsnow:digits",
    generateBundle() {
      for (const [name, source] of Object.entries(digitFiles())) {
        this.emitFile({ type: "asset", fileName: `digits/${name}.idx.gz`, source });
      }
    },
    configureServer: ({ middlewares }) => {
      middlewares.use(serveDigits);
    },
    configurePreviewServer: ({ middlewares }) => {
      middlewares.use(serveDigits);
    },
  };
}

/** Vite would announce *.gz with `Content-Encoding: gzip`, and the browser would then unpack it unasked. */
const serveDigits: Connect.NextHandleFunction = (request, response, next) => {
  const name = /^\/digits\/(images|labels)\.idx\.gz(?:\?|$)/.exec(request.url ?? "")?.[1];
  if (name !== "images" && name !== "labels") return next();
  const bytes = digitFiles()[name];
  response.writeHead(200, { "Content-Type": "application/octet-stream", "Content-Length": bytes.length });
  response.end(request.method === "HEAD" ? undefined : bytes);
};
