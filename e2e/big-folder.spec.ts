import { expect, test } from "./support/page.ts";
import { longestTask, tasksWhile } from "./support/tasks.ts";
import { tinyPicture } from "./support/tiny-picture.ts";

const count = 10_000;

test("while 10,000 pictures are found and read, no task of the page works longer than 50 ms", async ({
  lab,
}) => {
  const { page } = lab;
  await lab.open("?backend=cpu");
  const input = page.getByLabel("Your own images");
  const { buffer } = await tinyPicture();
  await input.evaluate(
    (element, { bytes, many }) => {
      const files = new DataTransfer();
      const content = Uint8Array.from(bytes);
      // In no order, so that there is something to sort.
      for (let number = 0; number < many; number++)
        files.items.add(new File([content], `picture ${(7919 * number) % many}.png`));
      (element as HTMLInputElement).files = files.files;
    },
    { bytes: [...buffer], many: count },
  );
  // Whatever making them has left behind is not the page's.
  await page.waitForTimeout(1000);
  const tasks = await tasksWhile(page, async () => {
    await input.dispatchEvent("change");
    // Nothing is asked of the page meanwhile: looking for a text in it is work for it.
    await page.waitForTimeout(4000);
  });
  const reading = page.getByText(/[1-9][\d,]* of 10,000 pictures read…/);
  await expect(reading.or(page.getByRole("button", { name: "Use them" })).first()).toBeVisible();
  const most = Math.max(...tasks.map(({ worked }) => worked));
  console.log(`The hardest of ${tasks.length} tasks took ${most.toFixed(0)} ms of work.`);
  expect(tasks.filter(({ worked }) => worked > longestTask)).toEqual([]);
});
