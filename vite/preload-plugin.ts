import type { HtmlTagDescriptor, Plugin } from "vite";

/**
 * Has the built page's modules fetched side by side that its entry asks for only when it runs: what that asks for first, and what
 * those need themselves. The entry is small so that the training Worker starts at once.
 */
export function preload(): Plugin {
  return {
    name: "unsnow:preload",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (_html, { bundle = {}, chunk: entry }) => {
        const found = new Set<string>();
        const add = (name: string): void => {
          const chunk = bundle[name];
          if (found.has(name) || chunk?.type !== "chunk") return;
          found.add(name);
          chunk.imports.forEach(add);
        };
        entry?.dynamicImports.forEach(add);
        // Vite has named these.
        for (const name of [entry?.fileName ?? "", ...(entry?.imports ?? [])]) found.delete(name);
        return [...found].map(tagOf);
      },
    },
  };
}

function tagOf(name: string): HtmlTagDescriptor {
  return {
    tag: "link",
    attrs: { rel: "modulepreload", crossorigin: true, href: `./${name}` },
    injectTo: "head",
  };
}
