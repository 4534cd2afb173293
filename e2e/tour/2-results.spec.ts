import { expect } from "../support/page.ts";
import { drawnOn, tour } from "../support/tour.ts";

tour("results show while it trains: images, loss, quality, speed", async (visitor, lab) => {
  const { page } = visitor;
  await visitor.openWithShapes();
  const untrained = await lab.pictures("denoised");
  await visitor.train();

  // Ten noisy images, what became of them, and what they were.
  for (const row of ["noisy", "denoised", "clean"] as const) expect(await lab.pictures(row)).toHaveLength(10);
  expect(await lab.pictures("denoised")).not.toEqual(untrained);
  expect(await lab.figure("mean-denoised")).toBeGreaterThan((await lab.figure("mean-noisy")) + 1);
  expect(await lab.figure("validation-loss")).toBeLessThan(0.3);

  // The loss, of training and validation; the values of an epoch that is pointed at.
  const chart = page.getByRole("slider", { name: "Loss over the epochs" });
  const legend = async () => [
    await visitor.card("Loss").locator(".legend-epoch").innerText(),
    await page.locator("#legend-training").innerText(),
    await page.locator("#legend-validation").innerText(),
  ];
  const last = await legend();
  expect(last[0]).toBe("epoch 6");
  const plot = chart.locator(".u-over");
  const box = await visitor.boxOf(plot);
  const at = (epoch: number) => ({ x: box.x + ((epoch - 0.5) / 6) * box.width, y: box.y + 120 });
  await expect(async () => {
    // The first tap after a scroll may end it, and press nothing.
    if (visitor.byTouch) await page.touchscreen.tap(at(2).x, at(2).y);
    else await page.mouse.move(at(2).x, at(2).y);
    await expect(visitor.card("Loss").locator(".legend-epoch")).toHaveText("epoch 2", { timeout: 1000 });
  }).toPass({ timeout: 20_000 });
  const second = await legend();
  expect(Number(second[1])).toBeGreaterThan(Number(last[1]));
  expect(Number(second[2])).toBeGreaterThan(Number(last[2]));

  const linear = await drawnOn(chart.locator("canvas"));
  await visitor.press(page.getByRole("radio", { name: "Log", exact: true }));
  await expect.poll(() => drawnOn(chart.locator("canvas"))).not.toEqual(linear);

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

  // PSNR and SSIM beside the noise alone and every classical filter.
  await expect(page.getByText("Every classical filter is at its best strength")).toBeVisible({
    timeout: 60_000,
  });
  const levels = page.getByRole("table", { name: "The network beside the classical filters" });
  const scores = await levels.locator("tbody tr td:nth-child(2)").allInnerTexts();
  expect(scores).toHaveLength(9);
  expect(scores.map(Number)).toEqual(scores.map(Number).toSorted((a, b) => b - a));
  expect(await page.locator("#legend-quality").innerText()).toBe(
    await levels
      .getByRole("row", { name: /^the network/ })
      .getByRole("cell")
      .first()
      .innerText(),
  );
  await visitor.press(page.getByRole("radio", { name: "SSIM" }));
  await expect(page.getByRole("radio", { name: "SSIM" })).toBeChecked();
  expect(await lab.figure("legend-quality")).toBeLessThanOrEqual(1);

  // How fast it goes.
  expect(await lab.figure("speed")).toBeGreaterThan(0);
  await expect(page.locator("#time-left")).toHaveText("done");
  await expect(page.getByText("GPU time")).toHaveCount(visitor.onCpu ? 0 : 1);
});
