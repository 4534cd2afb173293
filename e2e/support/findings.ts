import type { Page } from "@playwright/test";
import axe from "axe-core";

/** WCAG 2.2 AA, and axe's best practices for navigation. */
const standards = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const goodPractice = [
  "heading-order",
  "landmark-one-main",
  "landmark-unique",
  "page-has-heading-one",
  "region",
];

/** The scope of a search with axe. */
interface Search {
  /** A selector for the parts of the page to check. Default: all of it. */
  readonly parts?: string | undefined;
  /** Check only colours, for example for another colour scheme. */
  readonly contrastOnly?: boolean;
}

/** axe's findings, one line per element. */
export async function findings(page: Page, { parts, contrastOnly = false }: Search = {}): Promise<string[]> {
  // axe stays in the page, because loading it again for each search would take as long as the search.
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
