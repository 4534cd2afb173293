import { expect, exposeDevice, loseEveryDevice, test } from "./support/page.ts";

test("training makes the loss fall and the digits clear up", async ({ lab }) => {
  await lab.open();
  await lab.set("Batch", "32");
  await lab.set("Epochs", "5");
  await expect(lab.page.locator("#step + small")).toHaveText(" of 313");
  await lab.ready();
  const untrained = await lab.pictures("denoised");
  expect(await lab.figure("mean-denoised")).toBeLessThan(await lab.figure("mean-noisy"));

  await lab.press("Train");
  await expect(lab.page.locator("#epoch")).not.toHaveText("0", { timeout: 30_000 });
  const firstLoss = await lab.figure("legend-training");
  await lab.finished();

  expect(await lab.figure("epoch")).toBe(5);
  expect(await lab.figure("legend-training")).toBeLessThan(firstLoss);
  expect(await lab.figure("validation-loss")).toBeLessThan(0.25);
  expect(await lab.figure("validation-psnr")).toBeGreaterThan(12);
  expect(await lab.figure("mean-denoised")).toBeGreaterThan((await lab.figure("mean-noisy")) + 1);
  expect(await lab.figure("speed")).toBeGreaterThan(0);
  const trained = await lab.pictures("denoised");
  expect(trained).toHaveLength(10);
  // A network that gives the same blob for all of them has learned nothing of the digits.
  expect(new Set(trained).size).toBe(10);
  expect(trained).not.toEqual(untrained);
});

test("a pause holds the run, a step moves it by one, and training goes on from there", async ({ lab }) => {
  await lab.open();
  await lab.press("Train");
  await expect.poll(() => lab.figure("step")).toBeGreaterThan(0);
  await lab.press("Pause");
  await expect(lab.page.getByText("Paused")).toBeVisible();
  const where = async () => 79 * (await lab.figure("epoch")) + (await lab.figure("step"));
  const paused = await where();
  await lab.page.waitForTimeout(500);
  expect(await where()).toBe(paused);

  // The last of the 63 training steps, and a step from within the validation, bring the epoch to its end.
  const expected = paused % 79 < 62 ? paused + 1 : paused - (paused % 79) + 79;
  await lab.press("Step");
  await expect.poll(where).toBe(expected);

  await lab.press("Train");
  await expect.poll(where).toBeGreaterThan(expected);
  await lab.press("Pause");
  await expect(lab.page.getByText("Paused")).toBeVisible();
});

test("a step from the start is step 1, and its pictures are drawn anew", async ({ lab }) => {
  await lab.open();
  const [noisy, denoised] = [await lab.pictures("noisy"), await lab.pictures("denoised")];
  await lab.press("Step");
  await expect(lab.page.locator("#step")).toHaveText("1");
  expect(await lab.figure("epoch")).toBe(0);
  expect(await lab.pictures("noisy")).toEqual(noisy);
  expect(await lab.pictures("denoised")).not.toEqual(denoised);
});

test("the keys train, pause, step and reset, but not while a setting is typed", async ({ lab }) => {
  await lab.open();
  await lab.page.keyboard.press("s");
  await expect(lab.page.locator("#step")).toHaveText("1");
  await lab.page.keyboard.press("Space");
  await expect(lab.page.getByRole("button", { name: "Pause" })).toBeVisible();
  await lab.page.keyboard.press("Space");
  await expect(lab.page.getByText("Paused")).toBeVisible();
  await lab.page.keyboard.press("r");
  await lab.ready();
  expect(await lab.figure("step")).toBe(0);

  const layers = lab.page.getByLabel("Hidden layers", { exact: true });
  await layers.press("End");
  await layers.pressSequentially(" srs");
  await expect(layers).toHaveValue("32 srs");
  expect(await lab.figure("step")).toBe(0);
  await expect(lab.page.getByRole("button", { name: "Train" })).toBeVisible();
});

test("pictures are chosen by label, several at once, or at random", async ({ lab }) => {
  await lab.open();
  expect(await lab.labels()).toHaveLength(10);
  await lab.page.getByRole("button", { name: "Only the digit 3" }).click();
  await expect.poll(() => lab.labels()).toEqual(Array.from({ length: 10 }, () => "3"));

  await lab.page.getByRole("button", { name: "Only the digit 7" }).click();
  await expect.poll(async () => (await lab.labels()).every((label) => "37".includes(label))).toBe(true);

  await lab.page.getByRole("button", { name: "Only the digit 3" }).click();
  await expect.poll(() => lab.labels()).toEqual(Array.from({ length: 10 }, () => "7"));
  const clean = await lab.pictures("clean");
  await lab.press("Other ones");
  await expect.poll(() => lab.pictures("clean")).not.toEqual(clean);
  expect(new Set(await lab.labels())).toEqual(new Set(["7"]));
});

test("pictures can be chosen while the run trains", async ({ lab }) => {
  await lab.open();
  await lab.press("Train");
  await expect.poll(() => lab.figure("step")).toBeGreaterThan(0);
  await lab.page.getByRole("button", { name: "Only the digit 5" }).click();
  await expect.poll(() => lab.labels()).toEqual(Array.from({ length: 10 }, () => "5"));
  await expect(lab.page.getByRole("button", { name: "Pause" })).toBeVisible();
  await lab.press("Reset");
  await lab.ready();
});

test("a setting that cannot be used says why where it is, and costs nothing", async ({ lab }) => {
  await lab.open();
  await lab.press("Step");
  await expect(lab.page.locator("#step")).toHaveText("1");
  for (const [title, text, sentence] of [
    ["Epochs", "0", "The number of epochs must be a whole number from 1 to 1000000, but it is 0."],
    [
      "Batch",
      "8001",
      "The batch of 8001 is larger than the training set, which has 8000 images: lower the batch.",
    ],
    ["Factor of Gaussian noise", "much", 'The noise "gaussian:much" cannot be read: "much" is not a number.'],
    ["Hidden layers", "", "A network needs 1 to 15 hidden layers, but 0 are given."],
  ] as const) {
    await lab.set(title, text);
    const field = lab.page.getByLabel(title, { exact: true });
    await expect(lab.page.getByText(sentence)).toBeVisible();
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await expect(field).toHaveValue(text);
  }
  await lab.press("Reset");
  await expect(lab.page.getByText("A new run needs this corrected first:")).toBeVisible();
  expect(await lab.figure("step")).toBe(1);
  await lab.press("Step");
  await expect(lab.page.locator("#step")).toHaveText("2");
});

test("a network too large for the adapter is refused in one sentence, and the run stays", async ({ lab }) => {
  await lab.open();
  await lab.press("Step");
  await expect(lab.page.locator("#step")).toHaveText("1");
  await lab.set("Hidden layers", "65536, 65536");
  await lab.press("Reset");
  await expect(lab.page.getByText(/needs \d+ MB, but the adapter .* allows \d+ MB a buffer/)).toBeVisible();
  expect(await lab.figure("step")).toBe(1);
});

test("an untouched run follows the settings; a run under way keeps its own until Reset", async ({ lab }) => {
  await lab.open();
  await lab.set("Factor of Gaussian noise", "0");
  await expect(lab.page.locator("#mean-noisy")).toHaveText("> 100");
  expect(await lab.pictures("noisy")).toEqual(await lab.pictures("clean"));

  await lab.press("Step");
  await expect(lab.page.locator("#step")).toHaveText("1");
  await lab.set("Epochs", "7");
  await expect(lab.page.getByText("Reset starts a new one with these.")).toBeVisible();
  await expect(lab.page.locator("#epoch + small")).toHaveText(" of 100");
  await lab.press("Reset");
  await expect(lab.page.locator("#epoch + small")).toHaveText(" of 7");
  await expect(lab.page.getByText("Reset starts a new one with these.")).toBeHidden();
});

test("the presets of Adadelta set its numbers, and other numbers belong to none", async ({ lab }) => {
  await lab.open();
  await lab.openSettings("Optimizer");
  await lab.page.getByRole("radio", { name: "Keras 3" }).check();
  await expect(lab.page.getByLabel("Learning rate", { exact: true })).toHaveValue("0.001");
  await lab.set("Learning rate", "0.5");
  await expect(lab.page.getByRole("radio", { name: "Keras 2" })).not.toBeChecked();
  await expect(lab.page.getByRole("radio", { name: "Keras 3" })).not.toBeChecked();
});

test("a finished run gives way to a new one, and reloading the page works", async ({ lab }) => {
  await lab.open();
  await lab.setQuickRun(1);
  await lab.press("Train");
  await lab.finished();
  const loss = await lab.figure("validation-loss");
  await lab.press("Train");
  await lab.finished();
  // The same seed on the same adapter: the same run.
  expect(await lab.figure("validation-loss")).toBe(loss);

  // The address holds the settings.
  await lab.page.reload();
  await lab.ready();
  await expect(lab.page.getByLabel("Epochs", { exact: true })).toHaveValue("1");
  await lab.press("Step");
  await expect(lab.page.locator("#step")).toHaveText("1");
});

test("a lost device is told, and Reset starts afresh", async ({ lab }) => {
  await exposeDevice(lab.page);
  await lab.open();
  await lab.press("Train");
  await expect.poll(() => lab.figure("step")).toBeGreaterThan(0);
  await loseEveryDevice(lab.page);
  await expect(lab.page.getByRole("alert")).toContainText("The GPU was lost, and no other could be opened");
  await lab.press("Reset");
  await lab.ready();
  await lab.press("Step");
  await expect(lab.page.locator("#step")).toHaveText("1");
});

test("a training that diverges is told, and Reset starts afresh", async ({ lab }) => {
  await lab.open();
  await lab.setQuickRun(20);
  await lab.set("Hidden layers", "64, 64, 64, 64, 64, 64, 64, 64");
  await lab.openSettings("Optimizer");
  await lab.set("Learning rate", "1000");
  await lab.set("Epsilon", "1");
  await lab.press("Train");
  await expect(lab.page.getByRole("alert")).toContainText(/diverged in epoch \d+ at step \d+/);
  await lab.page.getByRole("radio", { name: "Keras 2" }).check();
  await lab.press("Reset");
  await lab.ready();
});

test("digits that cannot be loaded are told, and Reset tries again", async ({ lab, expectedErrors }) => {
  expectedErrors.push(/status of 404/);
  await lab.page.route(/labels\.idx\.gz/, (route) => route.fulfill({ status: 404 }));
  await lab.page.goto("/");
  await expect(lab.page.getByRole("alert")).toContainText(
    "digits/labels.idx.gz could not be loaded: the server answered 404.",
  );
  await lab.page.unroute(/labels\.idx\.gz/);
  await lab.press("Reset");
  await lab.ready();
});

test("a Worker that cannot be loaded is told", async ({ lab, expectedErrors }) => {
  expectedErrors.push(/status of 404/);
  await lab.page.route(/training-worker\.ts/, (route) => route.fulfill({ status: 404 }));
  await lab.page.goto("/");
  await expect(lab.page.getByRole("alert")).toContainText("could not be loaded or has stopped");
});

test("?profile shows the GPU time of every kernel, and puts each launch on a track", async ({ lab }) => {
  await lab.open("?profile");
  await lab.press("Step");
  await expect(lab.page.locator("#step")).toHaveText("1");
  const timed = await lab.page.evaluate(async () => {
    const adapter = await navigator.gpu.requestAdapter();
    return adapter?.features.has("timestamp-query") ?? false;
  });
  if (!timed) {
    await expect(lab.page.getByText("has no timestamp queries")).toBeVisible();
    return;
  }
  await expect(lab.page.getByRole("rowheader", { name: "dense_forward" })).toBeVisible();
  const launches = await lab.page.evaluate(() =>
    performance.getEntriesByType("measure").map((entry) => ({
      name: entry.name,
      inTime: entry.startTime >= 0 && entry.startTime + entry.duration <= performance.now(),
      track: (entry as PerformanceMeasure).detail?.devtools?.track,
    })),
  );
  expect(launches.map(({ name }) => name)).toContain("dense_forward(0)");
  expect(launches.every(({ inTime, track }) => inTime && track === "GPU")).toBe(true);
});
