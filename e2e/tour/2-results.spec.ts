import { expect, test } from "../support/page.ts";
import { desktop, phone, tour, type Visitor } from "../support/tour.ts";

test.use({ filters: true });

tour("results show while it trains: images, loss, quality, speed", [desktop, phone], async (visitor, lab) => {
  const { page } = visitor;
  await visitor.openWithShapes();
  const untrained = await lab.pictures("denoised");
  await visitor.train();

  // Ten noisy images, what the network makes of them, and the clean ones.
  for (const row of ["noisy", "denoised", "clean"] as const) expect(await lab.pictures(row)).toHaveLength(10);
  expect(await lab.pictures("denoised")).not.toEqual(untrained);
  expect(await lab.figure("mean-denoised")).toBeGreaterThan((await lab.figure("mean-noisy")) + 1);
  expect(await lab.figure("validation-loss")).toBeLessThan(0.3);

  expect(await lab.figure("speed")).toBeGreaterThan(0);
  await expect(page.locator("#time-left")).toHaveText("done");
  await expect(page.getByText("GPU time")).toHaveCount(lab.engine === "cpu" ? 0 : 1);
  await expect(page.getByText("Every classical filter is at its best strength")).toBeVisible({
    timeout: 60_000,
  });
  if (visitor.byTouch) await touchLossChart(visitor);
});

/** The values of the epoch that is tapped, and a drag that zooms into epochs. */
async function touchLossChart(visitor: Visitor): Promise<void> {
  const { page } = visitor;
  const chart = page.getByRole("slider", { name: "Loss over the epochs" });
  const last = await visitor.lab.figure("legend-validation");
  await expect(visitor.card("Loss").locator(".legend-epoch")).toHaveText("epoch 6");
  const plot = chart.locator(".u-over");
  const box = await visitor.boxOf(plot);
  const at = (epoch: number) => ({ x: box.x + ((epoch - 0.5) / 6) * box.width, y: box.y + 120 });
  await expect(async () => {
    // The first tap after a scroll may end it, and press nothing.
    await page.touchscreen.tap(at(2).x, at(2).y);
    await expect(visitor.card("Loss").locator(".legend-epoch")).toHaveText("epoch 2", { timeout: 1000 });
  }).toPass({ timeout: 20_000 });
  expect(await visitor.lab.figure("legend-validation")).toBeGreaterThan(last);

  // A drag zooms into epochs.
  const all = visitor.card("Loss").getByRole("button", { name: "All epochs" });
  await visitor.drag([at(2.6), at(4), at(5.4)]);
  await expect(all).toHaveAttribute("aria-disabled", "false");
  const table = visitor.card("Loss").locator("details tbody tr");
  // The first tap after a drag may end a fling, and press nothing.
  await expect(async () => {
    await visitor.press(visitor.card("Loss").getByText("As a table"));
    await expect(table).toHaveCount(3, { timeout: 1000 });
  }).toPass();
  await visitor.press(all);
  await expect(table).toHaveCount(6);
}
