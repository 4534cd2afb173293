import type { Page } from "@playwright/test";
import { dropFiles } from "./support/file-drops.ts";
import { stripesFile } from "./support/image-files.ts";
import { figuresOfRun } from "./support/kept-run.ts";
import {
  expect,
  exposeDevice,
  exposeThreads,
  type Lab,
  loseDevice,
  loseEveryDevice,
  loseEveryThread,
  loseThread,
  restoreThreads,
  test,
} from "./support/page.ts";

/** Trains a run to its end, prepares another one, and returns the figures of the first. */
async function trainUndisturbed(lab: Lab, epochs: number): Promise<readonly number[]> {
  await lab.press("Train");
  await lab.finished();
  const figures = await figuresOfRun(lab.page, 1, epochs);
  await lab.press("Reset");
  await lab.ready();
  return figures;
}

/** Makes the page train on the user's images. */
async function useStripes(page: Page): Promise<void> {
  await page.getByLabel("Your own images").setInputFiles(stripesFile());
  await page.getByRole("button", { name: "Use them" }).click();
  await expect(page.getByText("320 → 8 → 320")).toBeVisible();
}

test.describe("on the GPU", () => {
  test.use({ engine: "gpu" });

  test("a lost GPU changes no figure of a run", async ({ lab }) => {
    const { page } = lab;
    const epochs = 3;
    await exposeDevice(page);
    await page.goto(lab.address(`hidden=2&batch=202&epochs=${epochs}`));
    await lab.ready();
    const undisturbed = await trainUndisturbed(lab, epochs);
    await lab.press("Step");
    await expect(page.locator("#step")).toHaveText("1");
    await loseDevice(page);
    await lab.press("Train");
    await expect(
      page.getByText(/^The GPU was lost; training continues from epoch \d+(, step \d+)?\.$/),
    ).toBeVisible();
    await lab.finished();
    expect(await figuresOfRun(page, 2, epochs)).toEqual(undisturbed);
  });

  test("if no other GPU can be opened, Reset starts a run on the same images, or the CPU continues from the same state", async ({
    lab,
  }) => {
    const { page } = lab;
    const alert = page.getByRole("alert");
    await exposeDevice(page);
    await page.goto(lab.address("hidden=8&batch=32&epochs=100000"));
    await lab.ready();
    await useStripes(page);
    const trainAndLose = async () => {
      await lab.press("Train");
      await expect(page.getByText(/^Saved: epoch \d+/)).toBeVisible();
      await loseEveryDevice(page);
      await expect(alert).toContainText(
        "The GPU was lost, and no other could be opened: WebGPU is available, but no GPU adapter was found.",
      );
    };

    await test.step("Reset opens another Worker with the same images", async () => {
      await trainAndLose();
      await lab.press("Reset");
      await lab.ready();
      await expect(alert).toBeHidden();
      await expect(page.getByText("320 → 8 → 320")).toBeVisible();
      await expect(page.getByText("stripes.idx")).toBeVisible();
    });

    await test.step("the CPU continues", async () => {
      await trainAndLose();
      const done = await lab.figure("epoch");
      expect(done).toBeGreaterThan(0);
      await page.getByRole("button", { name: /^Continue on the CPU from epoch/ }).click();
      await expect(page.locator(".adapter")).toHaveText(
        /^Computes on the CPU \(.+\): The GPU was lost, and no other could be opened: /,
      );
      await expect(page.locator(".run-status")).toHaveText("Training");
      await expect.poll(() => lab.figure("epoch")).toBeGreaterThan(done);
      await lab.press("Pause");
      await expect(page.getByText("Paused")).toBeVisible();
      await expect(alert).toBeHidden();
    });
  });
});

test.describe("on the CPU", () => {
  test("threads that are lost change no figure of a run", async ({ lab }) => {
    const { page } = lab;
    const epochs = 3;
    await exposeThreads(page);
    await page.goto(lab.address(`hidden=2&batch=202&epochs=${epochs}`));
    await lab.ready();
    const undisturbed = await trainUndisturbed(lab, epochs);
    await lab.press("Step");
    await expect(page.locator("#step")).toHaveText("1");
    await loseThread(page);
    await lab.press("Train");
    await expect(
      page.getByText(/^The CPU's threads were lost; training continues from epoch \d+(, step \d+)?\.$/),
    ).toBeVisible();
    await lab.finished();
    expect(await figuresOfRun(page, 2, epochs)).toEqual(undisturbed);
  });

  test("if no other threads can be started, the run can continue later from the same state", async ({
    lab,
  }) => {
    const { page } = lab;
    await exposeThreads(page);
    await page.goto(lab.address("hidden=8&batch=32&epochs=100000"));
    await lab.ready();
    await lab.press("Train");
    await expect(page.getByText(/^Saved: epoch \d+/)).toBeVisible();
    await loseEveryThread(page);
    const alert = page.getByRole("alert");
    await expect(alert).toContainText(
      "The CPU's threads were lost, and no others could be started: A thread of the CPU engine could not be started: no threads are left.",
    );
    const done = await lab.figure("epoch");
    await restoreThreads(page);
    await page.getByRole("button", { name: /^Continue from epoch/ }).click();
    await expect(page.locator(".run-status")).toHaveText("Training");
    await expect.poll(() => lab.figure("epoch")).toBeGreaterThan(done);
    await expect(alert).toBeHidden();
    await lab.press("Pause");
    await expect(page.getByText("Paused")).toBeVisible();
  });
});

test("a run on the digits continues after a reload, to the same figures", async ({ lab }) => {
  const { page } = lab;
  const epochs = 2;
  await lab.open(`hidden=2&batch=202&epochs=${epochs}`);
  const undisturbed = await trainUndisturbed(lab, epochs);
  await lab.press("Step");
  // The second of two training steps is the epoch's last.
  await lab.press("Step");
  await expect(page.getByText("Saved: epoch 1", { exact: true })).toBeVisible();
  await page.reload();
  await lab.ready();
  const offer = page.getByText(/is saved and can continue from epoch \d+/);
  await expect(offer).toHaveText(new RegExp(`of ${epochs}\\.$`));
  await page.getByRole("button", { name: /^Continue 784-2-784/ }).click();
  await lab.finished();
  expect(await figuresOfRun(page, 2, epochs)).toEqual(undisturbed);
  await expect(offer).toBeHidden();
  // The finished run is listed with its weights, and cannot be continued.
  await page.reload();
  await lab.ready();
  await expect(page.getByRole("list", { name: "Kept runs" }).getByRole("listitem")).toHaveCount(2);
  await expect(offer).toBeHidden();
});

test("a run on the user's images continues when they are chosen again, to the same figures", async ({
  lab,
}) => {
  const { page } = lab;
  const right = stripesFile();
  const epochs = 3;
  await lab.open(`hidden=8&batch=120&epochs=${epochs}`);
  await useStripes(page);
  const undisturbed = await trainUndisturbed(lab, epochs);
  await lab.press("Step");
  await expect(page.locator("#step")).toHaveText("1");
  await lab.press("Step");
  await expect(page.getByText("Saved: epoch 1", { exact: true })).toBeVisible();
  // This step is lost with the page, and is repeated.
  await lab.press("Step");
  await expect(page.locator("#step")).toHaveText("1");
  await page.reload();
  await lab.ready();
  await page.getByRole("button", { name: /^Continue 320-8-320/ }).click();
  const offer = page.getByText(/is saved and can continue from epoch \d+(, step \d+)? of 3\./);
  await expect(offer).toContainText("It needs its images for that: choose stripes.idx again");

  // Other files of the same name and size are refused, and nothing changes.
  await page.getByLabel("Your own images").setInputFiles(stripesFile(7));
  await expect(
    page
      .getByRole("status")
      .getByText(
        /^stripes\.idx \(training\) is no longer what the run in 320-8-320.* was trained on: its images changed\.$/,
      ),
  ).toBeVisible();
  await expect(offer).toBeVisible();
  await expect(page.getByText("784 → 8 → 784")).toBeVisible();
  await lab.ready();

  await dropFiles(page, [right]);
  await lab.finished();
  await expect(page.getByText("320 → 8 → 320")).toBeVisible();
  expect(await figuresOfRun(page, 2, epochs)).toEqual(undisturbed);
  await expect(offer).toBeHidden();
});

test("a run that diverges continues at a lower rate from its last good epoch", async ({ lab }) => {
  const { page } = lab;
  // With so large an epsilon it is plain gradient descent, which diverges at this rate within the second epoch.
  await lab.open("hidden=8&batch=50&epochs=3&loss=mse&output=linear&lr=950&epsilon=1");
  const alert = page.getByRole("alert");
  const diverged =
    /The run has stopped\. The training diverged in epoch 2 at step \d: the loss grew to .+; choose another initialization, or lower the learning rate\./;
  await lab.press("Train");
  await expect(alert).toContainText(diverged, { timeout: 60_000 });
  const sound = await figuresOfRun(page, 1, 1);
  await page
    .getByRole("button", { name: /^Continue from epoch 2(, step \d+)? with the learning rate 95$/ })
    .click();
  await expect(alert).toBeHidden();
  await lab.finished();
  const rescued = await figuresOfRun(page, 2, 3);
  expect(rescued.slice(0, 4)).toEqual(sound);
  // It is a separate run, because its first epoch had the other rate.
  const kept = page.getByRole("list", { name: "Kept runs" }).getByRole("listitem");
  await expect(kept).toHaveCount(2);
  await expect(kept.first()).toContainText("from epoch 2");
  await lab.openSettings("Optimizer");
  await expect(page.getByLabel("Learning rate", { exact: true })).toHaveValue("95");
});
