import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { Page } from "@playwright/test";
import { keptRun } from "../../e2e/support/kept-run.ts";

/** A hash of the last stored run, once it has all its epochs: of its history without times, and of its model file. */
export async function keptBits(page: Page, epochs: number): Promise<string> {
  let run = await keptRun(page);
  while (run.model?.epoch !== epochs) {
    await page.waitForTimeout(500);
    run = await keptRun(page);
  }
  const hash = sha256.create();
  hash.update(new Uint8Array(Float64Array.from(run.figures).buffer));
  hash.update(Uint8Array.from(run.model.bytes));
  return bytesToHex(hash.digest());
}
