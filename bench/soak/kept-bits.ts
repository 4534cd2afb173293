import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { Page } from "@playwright/test";
import { keptFigures } from "../../e2e/support/kept-figures.ts";

/** A hash of the run of so many epochs that the page kept last, once it is whole: of its history, times left out, and its model file. */
export async function keptBits(page: Page, epochs: number): Promise<string> {
  let model = await newestModel(page);
  while (model?.epoch !== epochs) {
    await page.waitForTimeout(500);
    model = await newestModel(page);
  }
  const hash = sha256.create();
  hash.update(new Uint8Array(Float64Array.from(await keptFigures(page)).buffer));
  hash.update(Uint8Array.from(model.bytes));
  return bytesToHex(hash.digest());
}

function newestModel(page: Page): Promise<{ epoch: number; bytes: number[] } | undefined> {
  return page.evaluate(async () => {
    const answer = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await answer(indexedDB.open("unsnow"));
    const stores = database.transaction(["runs", "models"]);
    const runs: { id: string; created: number }[] = await answer(stores.objectStore("runs").getAll());
    const [newest] = runs.sort((a, b) => b.created - a.created);
    const model: { epoch: number; bytes: Uint8Array } | undefined = await answer(
      stores.objectStore("models").get(newest?.id ?? ""),
    );
    database.close();
    return model && { epoch: model.epoch, bytes: [...model.bytes] };
  });
}
