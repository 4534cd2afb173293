import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

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
  const builder = new AxeBuilder({ page }).setLegacyMode();
  if (contrastOnly) builder.withRules("color-contrast");
  else {
    builder.options({
      runOnly: { type: "tag", values: standards },
      rules: Object.fromEntries(goodPractice.map((rule) => [rule, { enabled: true }])),
    });
  }
  if (parts !== undefined) builder.include(parts);
  const { violations } = await builder.analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary}`),
  );
}
