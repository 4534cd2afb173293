import type { Locator, Page } from "@playwright/test";
import { expect, type Lab, smallRun, test } from "./support/page.ts";
import { drawnOne } from "./support/parts.ts";
import {
  chooseNetwork,
  columns,
  denoise,
  downloaded,
  identity,
  picture,
  plainPicture,
  rgba,
  rows,
  tryIt,
} from "./support/tried-pictures.ts";

const pictureField = (section: Locator) => section.getByLabel("Picture", { exact: true });

test("a picture is denoised by a model file or by the run in its current state, compared and saved", async ({
  lab,
}) => {
  const { page } = lab;
  await lab.open(smallRun);
  const section = tryIt(page);
  await chooseNetwork(section, "The run's");
  await section.getByRole("radio", { name: "A picture" }).check();
  await expect(section).toContainText("784-8-784 on windows of 28 × 28 grey pixels, as it is now.");
  await expect(section).toContainText("It is trained on digits");
  await pictureField(section).setInputFiles(await picture("tiny.png"));
  await expect(section).toContainText("tiny.png, 40 × 30 pixels");
  await expect(section.getByRole("img", { name: "before" })).toBeVisible();
  await expect(section.getByRole("img", { name: "after" })).toHaveCount(0);
  await test.step("a model file replaces the run", () => useModelFile(page, section));
  await test.step("a file that cannot be read changes nothing", () => refuseFiles(section));
  await test.step("the run denoises in its current state", () => denoiseByRun(lab, section));
  await test.step("the result is compared", () => compare(section));
});

async function useModelFile(page: Page, section: Locator): Promise<void> {
  await chooseNetwork(section, "A file…");
  await expect(section.getByRole("button", { name: "Denoise" })).toHaveAttribute("aria-disabled", "true");
  await section.getByLabel("Use a model file").setInputFiles(identity("nothing.safetensors"));
  await expect(section).toContainText("nothing.safetensors, 64-4-64 on windows of 8 × 8 grey pixels");
  await denoise(section);
  await expect(section).toContainText(/by nothing\.safetensors: 64-4-64/);
  const { data } = await downloaded(page);
  rgba.forEach((value, at) => {
    const opaque = at % (4 * columns) < 2 * columns;
    // Half transparent colours are stored multiplied by alpha, so they have half as many levels.
    const slack = opaque || at % 4 === 3 ? 0 : 1;
    if (Math.abs((data[at] ?? Number.NaN) - value) > slack)
      throw new Error(`value ${at} is ${data[at]}, not ${value}`);
  });
}

async function refuseFiles(section: Locator): Promise<void> {
  const fault = section.locator(".notice-failure");
  const broken = { name: "broken.safetensors", mimeType: "", buffer: Buffer.from("no model at all") };
  await section.getByLabel("Use a model file").setInputFiles(broken);
  await expect(fault).toHaveText(/^broken\.safetensors [^.]*\.$/);
  await expect(section).toContainText("In use: nothing.safetensors");
  await chooseNetwork(section, "The run's");
  await expect(section).toContainText("784-8-784 on windows of 28 × 28 grey pixels, as it is now.");
  await denoise(section);
  await expect(section).toContainText("by the untrained run: 784-8-784");

  const whole = await picture("tiny.png");
  for (const [name, buffer] of [
    ["broken.png", Buffer.from("no picture at all")],
    ["short.png", whole.buffer.subarray(0, 60)],
  ] as const) {
    await pictureField(section).setInputFiles({ ...whole, name, buffer });
    await expect(fault).toHaveText(
      `${name} cannot be read as a picture: this browser finds no complete PNG, JPEG or WebP in it.`,
    );
  }
  const heic = Buffer.from("\0\0\0\x18ftypheic\0\0\0\0", "latin1");
  await pictureField(section).setInputFiles({ name: "phone.jpg", mimeType: "image/jpeg", buffer: heic });
  await expect(fault).toHaveText(
    "phone.jpg is in the format HEIC, which this browser does not read: convert it to PNG or JPEG.",
  );
  await expect(section).toContainText("tiny.png, 40 × 30 pixels");
  await pictureField(section).setInputFiles(await plainPicture("wide.png", 16_385, 1));
  await expect(fault).toHaveText(/^wide\.png has 16385 x 1 pixels, but/);
}

async function denoiseByRun(lab: Lab, section: Locator): Promise<void> {
  const { page } = lab;
  const [before, after] = [
    section.getByRole("img", { name: "before" }),
    section.getByRole("img", { name: "after" }),
  ];
  await lab.press("Step");
  await expect(page.locator("#step")).toHaveText("1");
  await denoise(section);
  await expect(section).toContainText(/40 × 30 pixels in \d+.*, by the run after 1 step: 784-8-784/);
  expect(await drawnOne(after)).not.toBe(await drawnOne(before));
  const first = await downloaded(page);
  expect(first).toMatchObject({ name: "tiny-denoised.png", width: columns, height: rows });
  expect(first.data.filter((_, at) => at % 4 === 3)).toEqual(
    Buffer.from(rgba.filter((_, at) => at % 4 === 3)),
  );

  await lab.press("Step");
  await expect(page.locator("#step")).toHaveText("2");
  await denoise(section);
  await expect(section).toContainText("by the run after 2 steps");
  expect((await downloaded(page)).data).not.toEqual(first.data);

  await section.getByLabel("Added noise").fill("0.25");
  await expect(section).toContainText("factor 0.25");
  const clean = await drawnOne(before);
  await denoise(section);
  expect(await drawnOne(before)).not.toBe(clean);
}

async function compare(section: Locator): Promise<void> {
  const slider = section.getByRole("slider", { name: /^Where after begins/ });
  const half = section.locator(".comparison-right");
  const clip = () => half.evaluate((element) => getComputedStyle(element).clipPath);
  const middle = await clip();
  await slider.focus();
  await slider.press("ArrowRight");
  await expect(slider).toHaveValue("51");
  await expect(slider).toHaveAttribute("aria-valuetext", "51 % before, 49 % after");
  await expect.poll(clip).not.toBe(middle);
  await slider.press("Home");
  await expect(slider).toHaveValue("0");

  const looks = () =>
    section.getByRole("img", { name: "after" }).evaluate((element) => ({
      width: element.getBoundingClientRect().width,
      sampling: getComputedStyle(element).imageRendering,
    }));
  for (const [title, width, sampling] of [
    ["100 %", 40, "auto"],
    ["200 %", 80, "pixelated"],
    ["400 %", 160, "pixelated"],
  ] as const) {
    await section.getByRole("radio", { name: title }).check();
    await expect.poll(looks).toEqual({ width, sampling });
  }
}
