import type { Connect, Plugin } from "vite";
import { digitFiles } from "./digits.ts";

/**
 * Adds `digits/images.idx.gz` and `digits/labels.idx.gz` to the build, and serves them under the same relative
 * addresses during development.
 * @param every take one of so many digits: 1 takes all
 */
export function digits(every = 1): Plugin {
  const serve = serveDigits(every);
  return {
    name: "unsnow:digits",
    generateBundle() {
      for (const [name, source] of Object.entries(digitFiles(every))) {
        this.emitFile({ type: "asset", fileName: `digits/${name}.idx.gz`, source });
      }
    },
    configureServer: ({ middlewares }) => {
      middlewares.use(serve);
    },
    configurePreviewServer: ({ middlewares }) => {
      middlewares.use(serve);
    },
  };
}

/** Vite would send *.gz with `Content-Encoding: gzip`, and the browser would unpack it. */
function serveDigits(every: number): Connect.NextHandleFunction {
  return (request, response, next) => {
    const name = /^\/digits\/(images|labels)\.idx\.gz(?:\?|$)/.exec(request.url ?? "")?.[1];
    if (name !== "images" && name !== "labels") return next();
    const bytes = digitFiles(every)[name];
    response.writeHead(200, { "Content-Type": "application/octet-stream", "Content-Length": bytes.length });
    response.end(request.method === "HEAD" ? undefined : bytes);
  };
}
