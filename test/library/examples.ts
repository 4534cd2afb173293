import { readFileSync } from "node:fs";

const page = new URL("../../docs/library.md", import.meta.url);

/** The programs in docs/library.md, by name: each block of code whose first line is a name, as "// train.mjs". */
export function examples(): ReadonlyMap<string, string> {
  const text = readFileSync(page, "utf8");
  const blocks = text.matchAll(/^```(?:js|ts)\n\/\/ (?<name>[\w-]+\.m?[jt]s)\n(?<code>[\s\S]*?)^```$/gm);
  return new Map([...blocks].map(({ groups }) => [groups?.name ?? "", groups?.code ?? ""]));
}
