import type { HtmlTagDescriptor, Plugin } from "vite";

/**
 * Preloads the modules that the entry of the built page imports dynamically first, and their static imports, so that
 * they are fetched in parallel. The entry is small so that the training Worker starts at once.
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
        // Vite's own tags already include these.
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
