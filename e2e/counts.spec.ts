import { expect, type Page, test } from "@playwright/test";
import type { RunCounts } from "./harness/counts.ts";

test.describe.configure({ mode: "serial" });

/** One page for all counted runs. */
let page: Page;
test.beforeAll(async ({ browser }) => {
  page = await browser.newPage();
  await page.goto("/e2e/harness/counts.html");
  await page.waitForFunction(() => window.countsUnderTest !== undefined);
});
test.afterAll(() => page.close());

const countRun = (hidden: number[], steps: number): Promise<RunCounts> =>
  page.evaluate(([hidden, steps]) => window.countsUnderTest.counts(hidden, steps), [hidden, steps] as const);

/** A shallow network, in which launches are most of the work, and a deep one. */
for (const { hidden, steps } of [
  { hidden: [3], steps: 1024 },
  { hidden: [6, 5, 4, 3, 4], steps: 8 },
]) {
  const layers = hidden.length + 1;

  test(`a training step of ${layers} layers has ${2 * layers + 1} dispatches; an epoch compiles nothing and creates only objects for its readback`, async () => {
    const { setUp, epochs, differentPipelines } = await countRun(hidden, steps);
    // Each pipeline is compiled once.
    expect(setUp.pipelines).toBe(differentPipelines);
    expect(epochs).toHaveLength(2);
    const shuffle = 1;
    const validation = layers + 2;
    for (const counts of epochs) {
      expect(counts.dispatches).toBe(shuffle + steps * (2 * layers + 1) + validation);
      expect(counts.pipelines).toBe(0);
      expect(counts.buffers).toBe(1);
      expect(counts.bindGroups).toBe(0);
      expect(counts.otherObjects).toBe(0);
      expect(counts.encoders).toBe(counts.submits);
      expect(counts.commandBuffers).toBe(counts.submits);
      // The readback's submit only copies.
      expect(counts.passes).toBe(counts.submits - 1);
      // Many steps share one pass.
      if (steps > 1000) expect(counts.passes).toBeLessThan(steps / 16);
    }
  });
}

test("a run of many steps needs nothing more than a run of few, except dispatches and submits", async () => {
  const few = await countRun([6, 3, 6], 8);
  const many = await countRun([6, 3, 6], 400);
  // Images are uploaded once, until the end of the first epoch, and more images have more bytes.
  expect({ ...many.setUp, bytesUploaded: 0 }).toEqual({ ...few.setUp, bytesUploaded: 0 });
  many.epochs.forEach((counts, epoch) => {
    const { buffers, bindGroups, otherObjects, pipelines } = few.epochs[epoch] ?? {};
    expect(counts).toMatchObject({ buffers, bindGroups, otherObjects, pipelines });
    // At most one wait per submit, one for the readback, and in the first epoch two that measure the queue's latency.
    expect(counts.waits).toBeLessThanOrEqual(counts.submits + 3);
  });
  const [fewBytes, manyBytes] = [few, many].map(({ epochs }) => epochs[1]?.bytesUploaded);
  expect(manyBytes).toBe(fewBytes);
  // A few numbers at an epoch's start: its number, and that its first step is next.
  expect(manyBytes).toBeLessThan(512);
});
