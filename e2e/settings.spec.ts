import type { Page } from "@playwright/test";
import { expect, type Lab, test } from "./support/page.ts";

const field = (page: Page, title: string) => page.getByLabel(title, { exact: true });
const preset = (page: Page, name: string) =>
  page.getByRole("group", { name: "Presets" }).getByRole("button", { name, exact: true });
const network = (page: Page) => page.getByRole("figure").filter({ hasText: "code size" });
const hash = (page: Page) => new URL(page.url()).hash;

/** The final losses of a run, to the digits shown. */
async function trainedLosses(lab: Lab): Promise<number[]> {
  await lab.press("Train");
  await lab.finished();
  return [await lab.figure("legend-training"), await lab.figure("validation-loss")];
}

test("settings are taken from links, typed, chosen by keyboard and copied as a link that gives the same losses", async ({
  lab,
}) => {
  await test.step("a broken link is used as far as possible, and the page names what it ignored", () =>
    openBrokenLink(lab));
  await test.step("code size, layers and nodes are set by keyboard, and the network's picture changes", async () => {
    await chooseDefaults(lab);
    await chooseWidths(lab);
  });
  await test.step("a copied link contains the settings and the seed, and so gives the same losses", async () => {
    await chooseDefaults(lab);
    await copyLink(lab);
  });
  await test.step("an output that does not match the loss is reported, and values typed for one optimizer are kept for it", async () => {
    await chooseDefaults(lab);
    await chooseOutputAndOptimizer(lab);
  });
});

/** Prepares an untrained run with the settings for which the address is empty. */
async function chooseDefaults(lab: Lab): Promise<void> {
  await preset(lab.page, "Notebook").click();
  await expect.poll(() => hash(lab.page)).toBe("");
  await lab.press("Reset");
  await lab.ready();
}

async function openBrokenLink(lab: Lab): Promise<void> {
  const { page } = lab;
  await lab.open("seed=9&hidden=many&__proto__=1&noise=mask:0.4&batch=8001");
  await expect(
    page.getByText(
      'The address has settings that cannot be used and were left out: "__proto__=1", "hidden=many", and "batch=8001".',
    ),
  ).toBeVisible();
  await expect(field(page, "Seed")).toHaveValue("9");
  await expect(field(page, "Hidden layers")).toHaveValue("32");
  await expect(field(page, "Share of masked pixels")).toHaveValue("0.4");
  expect(hash(page)).toContain("hidden=many");

  // The address can be corrected in place, without reloading the page.
  await page.evaluate(() => {
    window.location.hash = "seed=9&hidden=8";
  });
  await expect(field(page, "Hidden layers")).toHaveValue("8");
  await expect(page.getByText("The address has settings")).toBeHidden();
  await expect(network(page)).toContainText("784 → 8 → 784");

  // Another setting is added to the address; a default is removed from it.
  await lab.set("Epochs", "3");
  await expect.poll(() => hash(page)).toBe("#hidden=8&epochs=3&seed=9");
  expect(new URL(page.url()).search).toBe("?backend=cpu");
  await preset(page, "Notebook").click();
  await expect.poll(() => hash(page)).toBe("");
  await lab.ready();

  // A batch of all training images is valid, but a larger one is not.
  const takeHash = (hash: string) =>
    page.evaluate((wanted) => {
      window.location.hash = wanted;
    }, hash);
  await takeHash("batch=405");
  await expect(
    page.getByText('The address has a setting that cannot be used and was left out: "batch=405".'),
  ).toBeVisible();
  await takeHash("batch=404");
  await expect(field(page, "Batch")).toHaveValue("404");
  await expect(page.getByText("The address has")).toBeHidden();
  await lab.ready();
}

async function chooseWidths(lab: Lab): Promise<void> {
  const { page } = lab;
  const picture = page.getByRole("img", { name: /^The network/ });
  await expect(picture).toHaveAccessibleName(/a hidden layer of 32 nodes/);
  await expect(field(page, "Nodes per layer")).toBeDisabled();

  await page.getByRole("slider", { name: /^Code size/ }).press("ArrowRight");
  await expect(field(page, "Code size")).toHaveValue("64");
  await expect(field(page, "Hidden layers")).toHaveValue("64");
  await expect(picture).toHaveAccessibleName(/a hidden layer of 64 nodes/);
  await expect(network(page)).toContainText("code size 64, 101,200 weights");

  await page.getByRole("radio", { name: "1", exact: true }).press("ArrowRight");
  await expect(field(page, "Hidden layers")).toHaveValue("512, 64, 512");
  await field(page, "Nodes per layer").press("ControlOrMeta+a");
  await field(page, "Nodes per layer").pressSequentially("100");
  await expect(field(page, "Hidden layers")).toHaveValue("100, 64, 100");
  await expect(picture).toHaveAccessibleName(/100, 64, and 100 nodes.*The code is hidden layer 2/);

  // An incomplete width has no other effect: the picture waits, and the error is shown at the list.
  await field(page, "Code size").fill("");
  await expect(page.getByText("An empty place is not a hidden layer: write the number of nodes")).toHaveCount(
    2,
  );
  await expect(field(page, "Nodes per layer")).toHaveValue("100");
  await field(page, "Code size").fill("16");
  await expect(network(page)).toContainText("784 → 100 → 16 → 100 → 784");

  // Change to one layer and back: the nodes are restored.
  await page.getByRole("radio", { name: "3", exact: true }).press("ArrowLeft");
  await expect(field(page, "Hidden layers")).toHaveValue("16");
  await page.getByRole("radio", { name: "5", exact: true }).check();
  await expect(field(page, "Hidden layers")).toHaveValue("100, 100, 16, 100, 100");

  await lab.set("Hidden layers", "64, 32");
  await expect(field(page, "Code size")).toBeDisabled();
  await expect(field(page, "Code size")).toHaveAttribute("placeholder", "custom");
  await expect(network(page)).toContainText("784 → 64 → 32 → 784");
  await page.getByRole("radio", { name: "3", exact: true }).check();
  await expect(field(page, "Hidden layers")).toHaveValue("100, 32, 100");
  await lab.ready();
}

async function copyLink(lab: Lab): Promise<void> {
  const { page } = lab;
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await lab.set("Hidden layers", "8");
  await lab.set("Epochs", "1");
  await lab.set("Batch", "64");
  await lab.set("Seed", "7");
  await lab.set("Factor of Gaussian noise", "0.1..0.3^-2");
  await lab.set("Shift", "1");
  await field(page, "Shuffle").uncheck();
  await lab.openSettings("Optimizer");
  await page.getByRole("radio", { name: "Adam" }).check();
  await page.getByRole("button", { name: "Copy link" }).click();
  await expect(page.getByText("Copied.")).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(new URL(link).hash).toBe(
    "#noise=gaussian:0.1..0.3^-2&shift=1&hidden=8&epochs=1&batch=64&no-shuffle&optimizer=adam&seed=7",
  );
  await lab.ready();
  const losses = await trainedLosses(lab);

  // Another page, as opened by another user.
  await page.goto("about:blank");
  await page.goto(link);
  await lab.ready();
  await expect(field(page, "Seed")).toHaveValue("7");
  await expect(field(page, "Hidden layers")).toHaveValue("8");
  await expect(field(page, "Shuffle")).not.toBeChecked();
  await expect(page.locator("#epoch + small")).toHaveText(" of 1");
  expect(page.url()).toBe(link);
  expect(await trainedLosses(lab)).toEqual(losses);
  expect(losses.every((loss) => loss > 0)).toBe(true);
}

async function chooseOutputAndOptimizer(lab: Lab): Promise<void> {
  const { page } = lab;
  await field(page, "Output").selectOption("Residual");
  await expect(page.locator("#setting-output-fault")).toHaveText(
    /^Binary cross-entropy needs the output sigmoid/,
  );
  await page.getByRole("radio", { name: "Squared error" }).check();
  await expect(page.locator("#setting-output-fault")).toBeEmpty();
  await expect.poll(() => hash(page)).toBe("#loss=mse&output=residual");
  await lab.ready();
  await lab.press("Step");
  await expect(page.locator("#step")).toHaveText("1");

  await lab.openSettings("Optimizer");
  await lab.set("Learning rate", "0.7x");
  await expect(field(page, "Learning rate")).toHaveAttribute("aria-invalid", "true");
  await page.getByRole("radio", { name: "Adam" }).check();
  await expect(field(page, "Learning rate")).toHaveValue("0.001");
  await lab.set("Beta 1", "0.8");
  await page.getByRole("radio", { name: "Steps" }).check();
  await lab.set("Step after", "2");
  await expect
    .poll(() => hash(page))
    .toBe("#loss=mse&output=residual&optimizer=adam&beta1=0.8&schedule=step:2:0.1");
  await page.getByRole("radio", { name: "Adadelta" }).check();
  await expect(field(page, "Learning rate")).toHaveValue("0.7x");
  await page.getByRole("radio", { name: "Adam" }).check();
  await expect(field(page, "Beta 1")).toHaveValue("0.8");
}
