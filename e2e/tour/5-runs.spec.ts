import { expect } from "../support/page.ts";
import { phone, tour } from "../support/tour.ts";

tour("runs are kept, compared, renamed, deleted, exported and imported", [phone], async (visitor, lab) => {
  const { page } = visitor;
  await visitor.openWithShapes("hidden=8&batch=20&epochs=2");
  await visitor.train();
  await visitor.openSettings("Training");
  await lab.set("Seed", "7");
  await lab.set("Epochs", "1");
  // The address holds every setting and the seed.
  await expect.poll(() => new URL(page.url()).hash).toBe("#hidden=8&epochs=1&batch=20&seed=7");
  await visitor.train();
  const [first, second] = ["144-8-144, 2 epochs, batch 20", "144-8-144, 1 epoch, batch 20, seed 7"];
  const list = page.getByRole("list", { name: "Kept runs" });
  const names = () => list.locator("strong").allInnerTexts();
  await expect.poll(names).toEqual([second, first]);

  // Their curves over one another, and how they differ.
  const target = page.locator("label", { has: page.getByLabel(`Show ${first} in the charts`) });
  await visitor.press(target);
  await expect(visitor.card("Loss").locator(".legend-run")).toContainText(first);
  const differing = page.getByRole("table", { name: "Settings that differ" });
  await expect(differing.getByRole("rowheader")).toHaveText(["Epochs", "Seed"]);
  await expect(differing.locator("mark")).toHaveText(["2", "0"]);

  const act = async (run: string, action: string) => {
    const item = list.getByRole("listitem", { name: run, exact: true });
    const opener = item.getByRole("button", { name: `Actions for ${run}` });
    if ((await opener.getAttribute("aria-expanded")) === "false") await visitor.press(opener);
    return item.getByRole("button", { name: action, exact: true });
  };
  await visitor.press(await act(first, "Rename"));
  await page.getByRole("textbox", { name: `New name of ${first}` }).fill("the first");
  await page.keyboard.press("Enter");
  await expect.poll(names).toEqual([second, "the first"]);

  await act(second, "Rename");
  const buttons = list.getByRole("listitem", { name: second, exact: true }).getByRole("button");
  const heights = await buttons.evaluateAll((found) =>
    found.map((button) => button.getBoundingClientRect().height),
  );
  expect(Math.min(...heights)).toBeGreaterThanOrEqual(24);

  const file = await visitor.download(await act(second, "Run"));
  await visitor.press(await act("the first", "Delete"));
  await expect.poll(names).toEqual([second]);
  await visitor.press(visitor.card("Runs").getByRole("button", { name: "Undo" }));
  await expect.poll(names).toEqual([second, "the first"]);
  await visitor.press(await act(second, "Delete"));
  await expect.poll(names).toEqual(["the first"]);
  await page.getByLabel("Import runs").setInputFiles({ name: file.name, mimeType: "", buffer: file.bytes });
  await expect.poll(async () => (await names()).sort()).toEqual([second, "the first"]);
});
