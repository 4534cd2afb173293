import type { Plugin } from "vite";

/** The policy of the built page (w3.org/TR/CSP3): it may load its own files and make pictures and downloads, and nothing else. */
const directives = [
  "default-src 'none'",
  // WebAssembly is compiled from the page's own files; this allows no eval of JavaScript.
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types default",
];

/** The policy's text, which servers may also send as a header. */
export const policy = directives.join("; ");

/** Writes the policy to the built page. The development server's page has none, because that server inserts scripts and styles. */
export function contentSecurityPolicy(): Plugin {
  return {
    name: "unsnow:content-security-policy",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: () => [
        {
          tag: "meta",
          attrs: { "http-equiv": "Content-Security-Policy", content: policy },
          injectTo: "head-prepend",
        },
      ],
    },
  };
}
