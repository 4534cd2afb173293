import type { Plugin } from "vite";

/** What the built page may do (w3.org/TR/CSP3): load its own files, make pictures and downloads, and nothing else. */
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

/** The policy as servers may send it too. */
export const policy = directives.join("; ");

/** Puts the policy into the built page. The development server's page has none, for that server writes scripts and styles into it. */
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
