import type { Locator, Page } from "@playwright/test";
import { dropFiles, pasteFiles } from "./support/file-drops.ts";
import { expect, inWorker, type Lab, test } from "./support/page.ts";
import { chooseNetwork, denoise, identity, picture, plainPicture, tryIt } from "./support/tried-pictures.ts";

test("pictures are pasted, chosen and dropped, networks are fetched when they are chosen, and a run trains at the same time", async ({
  lab,
  expectedErrors,
}) => {
  const { page } = lab;
  const fetched: string[] = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith("/models/")) fetched.push(pathname);
  });
  expectedErrors.push(/status of 404/);
  await page.route("**/models/photo.safetensors", (route) => route.fulfill({ status: 404 }));
  const allowDecoding = await holdDecoding(page);
  await lab.open("hidden=8&batch=32&epochs=100000");
  const section = tryIt(page);

  await test.step("choosing a network while a pasted picture is read loses neither", async () => {
    await chooseNetwork(section, "The run's");
    await pasteFiles(page, [await picture("slow.png")]);
    await chooseNetwork(section, "Digits, pretrained");
    await expect(section).toContainText("784-64-784 on windows of 28 × 28 grey pixels, trained for");
    await allowDecoding();
    await expect(section).toContainText("slow.png, 40 × 30 pixels");
    await denoise(section);
    await expect(section).toContainText("by the network for digits: 784-64-784");
  });
  await test.step("networks of the page are fetched when they are chosen, each once", () =>
    fetchNetworks(page, section, fetched));
  await test.step("a run trains while a dropped picture is denoised", () => denoiseMeanwhile(lab));
  await test.step("a picture that is pasted over a drawing is used, and cancelled", () =>
    cancel(page, section));
});

/** From now on the training Worker reads no picture until the returned function is called. */
async function holdDecoding(page: Page): Promise<() => Promise<void>> {
  await inWorker(
    page,
    `const decode = globalThis.createImageBitmap;
     const allowed = new Promise((resolve) => {
       new BroadcastChannel("decoding").onmessage = resolve;
     });
     globalThis.createImageBitmap = async (...wishes) => {
       await allowed;
       return decode(...wishes);
     };`,
  );
  return () => page.evaluate(() => new BroadcastChannel("decoding").postMessage("go"));
}

async function fetchNetworks(page: Page, section: Locator, fetched: string[]): Promise<void> {
  const photographs = () => chooseNetwork(section, "Photographs, pretrained");
  expect(fetched).not.toContain("/models/photo.safetensors");
  await chooseNetwork(section, "The run's");
  // A network that cannot be fetched is reported, and the previous one stays.
  await photographs();
  await expect(section.locator(".notice-failure")).toHaveText(
    "models/photo.safetensors could not be loaded: the server answered 404.",
  );
  await expect(section.getByLabel("Network")).toHaveValue("run");

  fetched.length = 0;
  await page.route("**/models/photo.safetensors", (route) =>
    route.fulfill({ body: identity("photo.safetensors").buffer }),
  );
  await photographs();
  await expect(section).toContainText("64-4-64 on windows of 8 × 8 grey pixels, trained for");
  await denoise(section);
  await expect(section).toContainText("by the network for photographs: 64-4-64");
  await chooseNetwork(section, "Digits, pretrained");
  await expect(section).toContainText("784-64-784 on windows of 28 × 28 grey pixels, trained for");
  await denoise(section);
  await expect(section).toContainText("by the network for digits: 784-64-784");
  await photographs();
  await denoise(section);
  await expect(section).toContainText("by the network for photographs");
  expect(fetched).toEqual(["/models/photo.safetensors"]);
}

async function denoiseMeanwhile(lab: Lab): Promise<void> {
  const { page } = lab;
  const section = tryIt(page);
  await chooseNetwork(section, "The run's");
  await dropFiles(page, [await picture("dropped.png")]);
  await expect(section).toContainText("dropped.png, 40 × 30 pixels");
  await lab.press("Train");
  await expect.poll(() => lab.figure("epoch")).toBeGreaterThan(0);
  await denoise(section);
  await expect(section).toContainText(/by the run after .*\d+ (epoch|step)/);
  await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
  const before = await lab.figure("epoch");
  await expect.poll(() => lab.figure("epoch")).toBeGreaterThan(before);
  await lab.press("Pause");
  await expect(page.getByText("Paused")).toBeVisible();
}

async function cancel(page: Page, section: Locator): Promise<void> {
  await section.getByRole("radio", { name: "Draw" }).check();
  await pasteFiles(page, [await plainPicture("large.png", 1500, 1500)]);
  await expect(section).toContainText("large.png, 1500 × 1500 pixels");
  // In one call, so that the picture cannot be finished before it is cancelled.
  const shown = await section.evaluate(async (card) => {
    const press = (name: string) =>
      [...card.querySelectorAll("button")].find(({ textContent }) => textContent === name)?.click();
    press("Denoise");
    await new Promise(requestAnimationFrame);
    const bar = card.querySelector('[role="progressbar"]')?.getAttribute("aria-label");
    press("Cancel");
    return bar;
  });
  expect(shown).toBe("Windows denoised");
  await expect(section.getByRole("button", { name: "Denoise" })).toBeVisible();
  await expect(section.getByRole("button", { name: "Download PNG" })).toHaveCount(0);
  await expect(section.locator(".notice-failure")).toHaveCount(0);
}
