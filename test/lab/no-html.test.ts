import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const folder = fileURLToPath(new URL("../../src/lab", import.meta.url));

/** All ways to insert a text into a page as HTML or as a script. */
const ways =
  /\b(innerHTML|outerHTML|insertAdjacentHTML|setHTMLUnsafe|parseHTMLUnsafe|createContextualFragment|DOMParser|srcdoc|srcDoc)\b|dangerouslySetInnerHTML|document\.write|\beval\(|new Function\b|javascript:/;

const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
  /\.(tsx?|html)$/.test(file),
);

test("no code inserts text into the page as HTML or as a script", () => {
  expect(sources.length).toBeGreaterThan(100);
  const found = sources.filter((file) => ways.test(readFileSync(join(folder, file), "utf8")));
  expect(found).toEqual([]);
});

test.each([
  "element.innerHTML = text",
  "<b dangerouslySetInnerHTML={{ __html: text }} />",
  "document.write(text)",
  'element.insertAdjacentHTML("beforeend", text)',
  "eval(text)",
])("the rule detects %s", (code) => {
  expect(code).toMatch(ways);
});
