import type { Plugin } from "vite";

/** The policy of the built page (w3.org/TR/CSP3): it may load its own files, and create pictures and downloads. */
const directives = [
  "default-src 'none'",
  // The page compiles WebAssembly from its own files. This does not allow JavaScript eval.
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

/**
 * Adds the policy to the built page. The page of the development server has none, because the server injects scripts
 * and styles.
 */
export function contentSecurityPolicy(): Plugin {
  return {
    name: "unsnow:content-security-policy",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: () => [
        {
          tag: "meta",
          attrs: { "http-equiv": "Content-Security-Policy", content: directives.join("; ") },
          injectTo: "head-prepend",
        },
      ],
    },
  };
}
