import { expect, test } from "./support/page.ts";

test("convolutions are chosen, train, show their kernels, and have no latent code", async ({ lab }) => {
  const { page } = lab;
  await lab.open("epochs=6&batch=32&optimizer=adam");
  await page.getByRole("radio", { name: "Convolutions", exact: true }).check();
  const layers = page.getByLabel("Hidden layers", { exact: true });
  await expect(layers).toHaveValue("conv:16/2, conv:8/2, up:8, up:16");
  await expect(page.getByText("28x28 conv:16/2, conv:8/2, up:8, up:16")).toBeVisible();
  await lab.ready();
  const before = await lab.pictures("denoised");
  await lab.press("Train");
  await lab.finished();
  expect(await lab.figure("validation-loss")).toBeLessThan(0.6);
  expect(await lab.pictures("denoised")).not.toEqual(before);

  const inside = page.getByRole("region", { name: "Inside the network", exact: true });
  await inside.getByText("Inside the network", { exact: true }).click();
  await expect(inside.getByRole("button", { name: /^Unit \d+, −?[\d.]+ to −?[\d.]+$/ })).toHaveCount(16);
  await inside.getByRole("tab", { name: "Codes", exact: true }).click();
  await expect(inside.getByText("has no latent code")).toBeVisible();

  await page.getByRole("radio", { name: "Dense", exact: true }).check();
  await expect(layers).toHaveValue("32");
});
