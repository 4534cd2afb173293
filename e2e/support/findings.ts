import type { Page } from "@playwright/test";
import axe from "axe-core";

/** WCAG 2.2 AA, and from axe's own good practice what makes a page easy to find one's way in. */
const standards = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const goodPractice = [
  "heading-order",
  "landmark-one-main",
  "landmark-unique",
  "page-has-heading-one",
  "region",
];

/** Where axe looks, and for what. */
interface Search {
  /** Selects the parts of the page that are looked at; all of it if left out. */
  readonly parts?: string | undefined;
  /** Colours alone, as for another colour scheme. */
  readonly contrastOnly?: boolean;
}

/** What axe finds, a line for each element. */
export async function findings(page: Page, { parts, contrastOnly = false }: Search = {}): Promise<string[]> {
  // It stays in the page: to read it again for each search would take as long as to search.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  const options: axe.RunOptions = {
    resultTypes: ["violations"],
    ...(contrastOnly
      ? { runOnly: { type: "rule", values: ["color-contrast"] } }
      : {
          runOnly: { type: "tag", values: standards },
          rules: Object.fromEntries(goodPractice.map((rule) => [rule, { enabled: true }])),
        }),
  };
  return page.evaluate(
    async ({ parts, options }) => {
      const { axe } = window as unknown as { axe: typeof import("axe-core") };
      const { violations } = await axe.run(parts === undefined ? document : { include: parts }, options);
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary}`),
      );
    },
    { parts, options },
  );
}
