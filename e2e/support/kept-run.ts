import type { Page } from "@playwright/test";
import { expect } from "./page.ts";

/** The last stored run, exactly, without times. */
interface KeptRun {
  /** The number of stored runs. */
  readonly count: number;
  /** Four per epoch. */
  readonly figures: readonly number[];
  /** The bytes of its model file, and the number of finished epochs; undefined until there is one. */
  readonly model: { readonly epoch: number; readonly bytes: readonly number[] } | undefined;
}

export function keptRun(page: Page): Promise<KeptRun> {
  return page.evaluate(async () => {
    const answer = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await answer(indexedDB.open("unsnow"));
    const stores = database.transaction(["runs", "models"]);
    const runs: { id: string; created: number; epochs: Float64Array }[] = await answer(
      stores.objectStore("runs").getAll(),
    );
    const [newest] = runs.sort((a, b) => b.created - a.created);
    const model: { epoch: number; bytes: Uint8Array } | undefined = await answer(
      stores.objectStore("models").get(newest?.id ?? ""),
    );
    database.close();
    return {
      count: runs.length,
      figures: [...(newest?.epochs ?? [])].filter((_, place) => place % 5 !== 4),
      model: model && { epoch: model.epoch, bytes: [...model.bytes] },
    };
  });
}

/** The figures of the last of `count` runs, after all of its epochs. */
export async function figuresOfRun(page: Page, count: number, epochs: number): Promise<readonly number[]> {
  const progress = async () => {
    const { count, figures } = await keptRun(page);
    return { count, epochs: figures.length / 4 };
  };
  await expect.poll(progress).toEqual({ count, epochs });
  return (await keptRun(page)).figures;
}
