import { expect, test } from "@playwright/test";
import type {} from "./harness/library.ts";

/** Uses the sources; `library.long.spec.ts` uses the packed, installed and bundled library. */
test("the library trains and denoises with ImageData in a page, on its own device and on the page's device", async ({
  page,
}) => {
  await page.goto("/e2e/harness/library.html");
  await page.waitForFunction(() => window.libraryUnderTest !== undefined);
  const { trained, denoised, cleaned, ownDevice } = await page.evaluate(() => window.libraryUnderTest.use());
  expect(trained).toHaveLength(2);
  expect(trained.every(Number.isFinite)).toBe(true);
  expect(denoised).toMatchObject({ isImageData: true, width: 8 });
  expect(denoised.colours).toBeGreaterThan(2);
  expect(cleaned).toEqual({ isImageData: true, isSame: false });
  expect(ownDevice).toEqual({ isSame: true, works: true });
});
