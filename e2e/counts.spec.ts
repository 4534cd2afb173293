import { expect, type Page, test } from "@playwright/test";
import type { RunCounts } from "./harness/counts.ts";

const networks = [[3], [6, 3, 6], [6, 5, 4, 3, 4]];

async function countRun(page: Page, hidden: number[], steps: number): Promise<RunCounts> {
  await page.goto("/e2e/harness/counts.html");
  await page.waitForFunction(() => window.countsUnderTest !== undefined);
  return page.evaluate(([hidden, steps]) => window.countsUnderTest.counts(hidden, steps), [
    hidden,
    steps,
  ] as const);
}

for (const hidden of networks) {
  const layers = hidden.length + 1;

  test(`a training step of ${layers} layers is ${2 * layers + 1} dispatches`, async ({ page }) => {
    const steps = 40;
    const { epochs } = await countRun(page, hidden, steps);
    const shuffle = 1;
    const validation = layers + 2;
    for (const { dispatches } of epochs) {
      expect(dispatches).toBe(shuffle + steps * (2 * layers + 1) + validation);
    }
  });

  test(`no pipeline of a network of ${layers} layers is compiled twice`, async ({ page }) => {
    const { setUp, epochs, differentPipelines } = await countRun(page, hidden, 4);
    expect(setUp.pipelines).toBe(differentPipelines);
    expect(epochs.map(({ pipelines }) => pipelines)).toEqual([0, 0]);
  });
}

test("an epoch creates a staging buffer to read back, and beside it one encoder, pass and command buffer a submit", async ({
  page,
}) => {
  const { epochs } = await countRun(page, [3], 100);
  for (const counts of epochs) {
    expect(counts.buffers).toBe(1);
    expect(counts.bindGroups).toBe(0);
    expect(counts.otherObjects).toBe(0);
    expect(counts.pipelines).toBe(0);
    expect(counts.encoders).toBe(counts.submits);
    expect(counts.commandBuffers).toBe(counts.submits);
    // The readback's submit copies; it computes nothing.
    expect(counts.passes).toBe(counts.submits - 1);
  }
});

test("many steps go into one pass", async ({ page }) => {
  const { epochs } = await countRun(page, [3], 1024);
  for (const { passes } of epochs) expect(passes).toBeLessThan(1024 / 16);
});

test("a run of many steps asks for nothing more than a run of few, but for dispatches and submits", async ({
  page,
}) => {
  const few = await countRun(page, [6, 3, 6], 8);
  const many = await countRun(page, [6, 3, 6], 800);
  // Images are uploaded once, by the end of the first epoch, and more images are more bytes.
  expect({ ...many.setUp, bytesUploaded: 0 }).toEqual({ ...few.setUp, bytesUploaded: 0 });
  many.epochs.forEach((counts, epoch) => {
    const { buffers, bindGroups, otherObjects, pipelines } = few.epochs[epoch] ?? {};
    expect(counts).toMatchObject({ buffers, bindGroups, otherObjects, pipelines });
    // One wait a submit at most, one for the readback, and in the first epoch two that tell the queue's latency.
    expect(counts.waits).toBeLessThanOrEqual(counts.submits + 3);
  });
  const [fewBytes, manyBytes] = [few, many].map(({ epochs }) => epochs[1]?.bytesUploaded);
  expect(manyBytes).toBe(fewBytes);
  // A handful of numbers at an epoch's start: which epoch it is, and that its first step is next.
  expect(manyBytes).toBeLessThan(512);
});
