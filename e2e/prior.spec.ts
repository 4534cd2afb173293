import sharp from "sharp";
import { findings } from "./support/findings.ts";
import { expect, type Lab, test } from "./support/page.ts";
import { drawnOne } from "./support/parts.ts";
import { expectNoOverflow } from "./support/phone.ts";

const card = ({ page }: Lab) => page.getByRole("region", { name: "Deep Image Prior", exact: true });

/** Opens the page and the card. */
async function openCard(lab: Lab): Promise<void> {
  await lab.open("hidden=8&batch=100&epochs=1");
  await card(lab).getByRole("heading", { name: "Deep Image Prior" }).click();
  await expect(card(lab).getByRole("button", { name: "Start", exact: true })).toBeVisible();
  // It must not end by itself before it is stopped.
  await card(lab).getByLabel("Go on to the last step").check();
}

const button = (lab: Lab, name: string) => card(lab).getByRole("button", { name, exact: true });
const picture = (lab: Lab, name: string) => card(lab).getByRole("img", { name, exact: true });
const chart = (lab: Lab) => card(lab).getByRole("img", { name: /^The error of the held-out pixels/ });
const step = (lab: Lab) => card(lab).getByText(/^Step \d+ of at most 2,000$/);

test("a network paints the page's picture while a run can train, stops, and starts again; it is used by keys", async ({
  lab,
}) => {
  const { page } = lab;
  await openCard(lab);
  await expect(picture(lab, "Noisy")).toBeVisible();
  await expect(card(lab)).toContainText("made by code, noise of sigma 25");
  await expect(chart(lab)).toHaveAccessibleName(/: no steps yet$/);
  expect(await findings(page)).toEqual([]);

  await button(lab, "Start").press("Enter");
  await expect(button(lab, "Stop")).toBeFocused();
  await expect(step(lab)).toBeVisible();
  const early = await drawnOne(picture(lab, "Painted now"));
  const first = await step(lab).textContent();
  await expect(step(lab)).not.toHaveText(first ?? "");
  await expect.poll(() => drawnOne(picture(lab, "Painted now"))).not.toBe(early);
  await expect(picture(lab, "The clearest so far")).toBeVisible();
  await expect(chart(lab)).toHaveAccessibleName(/ is least after \d+ steps, [\d.]+ of 255/);
  await expect(card(lab).getByText(/^[\d.]+ dB to the clean picture$/)).toHaveCount(3);
  await expect(card(lab).getByLabel("Use your own picture")).toBeDisabled();
  await test.step("a run trains in turns with it", async () => {
    await lab.press("Step");
    await expect(page.locator("#step")).toHaveText("1");
  });
  expect(await findings(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await findings(page, { contrastOnly: true })).toEqual([]);

  await button(lab, "Stop").press("Enter");
  await expect(card(lab)).toContainText(/Stopped after \d+ steps\./);
  await expect(button(lab, "Start again")).toBeFocused();
  await button(lab, "Start again").press("Enter");
  await expect(button(lab, "Stop")).toBeVisible();
  await test.step("closing the card stops it, too", async () => {
    const heading = card(lab).getByRole("heading", { name: "Deep Image Prior" });
    await heading.click();
    await heading.click();
    await expect(card(lab)).toContainText(/Stopped/);
  });
});

test("one's own picture is painted by its middle square, and one that is too small is refused", async ({
  lab,
}) => {
  const { page } = lab;
  await openCard(lab);
  const noise = { type: "gaussian", mean: 128, sigma: 25 } as const;
  const png = async (width: number, height: number) => ({
    name: `${width}.png`,
    mimeType: "image/png",
    buffer: await sharp({ create: { width, height, channels: 3, background: "#777", noise } })
      .png()
      .toBuffer(),
  });
  const own = card(lab).getByLabel("Use your own picture");
  await own.setInputFiles(await png(20, 40));
  await expect(card(lab)).toContainText(
    "20.png has 20 x 40 pixels, too few to paint: at least 32 x 32 are needed.",
  );
  await expect(card(lab)).toContainText("made by code");
  await own.setInputFiles(await png(70, 50));
  await expect(card(lab)).toContainText("48 × 48 pixels, the middle of 70.png");
  await expect(card(lab)).not.toContainText("too few");
  await button(lab, "Start").click();
  await expect(step(lab)).toBeVisible();
  await expect(card(lab)).not.toContainText("dB to the clean picture");
  await page.setViewportSize({ width: 360, height: 740 });
  await expectNoOverflow(page);
  await button(lab, "Stop").click();
  await expect(card(lab)).toContainText(/Stopped after \d+ steps\./);
  await button(lab, "Back to the made picture").click();
  await expect(card(lab)).toContainText("made by code, noise of sigma 25");
});
