import { tinyPicture } from "../../e2e/support/tiny-picture.ts";
import type { Figure, OpenPage } from "./lab.ts";
import { hardest, tasksWhile } from "./tasks.ts";

const count = 10_000;

/** Chooses a folder of 10,000 small pictures: measures the longest task and the pictures read per second. */
export async function manyPictures({ lab }: OpenPage): Promise<Figure[]> {
  const { page } = lab;
  await lab.open();
  const input = page.getByLabel("Your own images");
  const { buffer } = await tinyPicture();
  await input.evaluate(
    (element, { bytes, many }) => {
      const files = new DataTransfer();
      const content = Uint8Array.from(bytes);
      // In random order, so that sorting is not trivial.
      for (let number = 0; number < many; number++)
        files.items.add(new File([content], `picture ${(7919 * number) % many}.png`));
      (element as HTMLInputElement).files = files.files;
    },
    { bytes: [...buffer], many: count },
  );
  // Waits for work that is left over from creating the files.
  await page.waitForTimeout(1000);
  const started = performance.now();
  const tasks = await tasksWhile(page, async () => {
    await input.dispatchEvent("change");
    // Searching the page for text costs it time, so it is done rarely.
    const use = page.getByRole("button", { name: "Use them" });
    while ((await use.count()) === 0) await page.waitForTimeout(1000);
  });
  return [
    { what: "hardest task while 10,000 pictures are read", value: hardest(tasks), unit: "ms" },
    {
      what: "pictures read a second",
      value: (1000 * count) / (performance.now() - started),
      unit: "",
    },
  ];
}
