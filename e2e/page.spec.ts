import { isolated } from "./support/isolated.ts";
import { expect, type Lab, smallRun, test } from "./support/page.ts";

/** The number of steps of one epoch, and of its training steps. */
async function stepsOf({ page }: Lab, batch: number): Promise<{ all: number; training: number }> {
  const all = Number.parseInt((await page.locator("#step + small").innerText()).replace(/\D/g, ""), 10);
  const images = /([\d,]+) for training and [\d,]+ held out/.exec(await page.locator("main").innerText());
  const training = Math.ceil(Number((images?.[1] ?? "").replace(",", "")) / batch);
  expect(training).toBeGreaterThan(0);
  expect(training).toBeLessThan(all);
  return { all, training };
}

test("training lowers the loss and denoises the digits, and a finished run is followed by the same one", async ({
  lab,
}) => {
  const { page } = lab;
  await lab.open("hidden=32&batch=16&epochs=3&optimizer=adam&lr=0.01");
  // As on the server of `npm start`: this page and its Workers may share memory between threads.
  expect(await isolated(page)).toEqual({ page: true, worker: true });
  const untrained = await lab.pictures("denoised");
  expect(await lab.figure("mean-denoised")).toBeLessThan(await lab.figure("mean-noisy"));

  await lab.press("Train");
  await lab.finished();
  expect(await lab.figure("epoch")).toBe(3);
  const lastLoss = await lab.figure("legend-training");
  const losses = page.getByRole("slider", { name: "Loss over the epochs" });
  await losses.focus();
  await page.keyboard.press("Home");
  await expect(losses).toHaveAttribute("aria-valuetext", /^epoch 1: training/);
  const firstLoss = Number(
    /training ([\d.]+)/.exec((await losses.getAttribute("aria-valuetext")) ?? "")?.[1],
  );
  expect(lastLoss).toBeLessThan(firstLoss);
  expect(await lab.figure("validation-loss")).toBeLessThan(0.25);
  expect(await lab.figure("validation-psnr")).toBeGreaterThan(12);
  expect(await lab.figure("mean-denoised")).toBeGreaterThan((await lab.figure("mean-noisy")) + 1);
  expect(await lab.figure("speed")).toBeGreaterThan(0);
  const trained = await lab.pictures("denoised");
  expect(trained).toHaveLength(10);
  // A network that gives the same blob for all digits has learned nothing.
  expect(new Set(trained).size).toBe(10);
  expect(trained).not.toEqual(untrained);

  const loss = await lab.figure("validation-loss");
  await lab.press("Train");
  await expect(page.getByRole("list", { name: "Kept runs" }).getByRole("listitem")).toHaveCount(2);
  await lab.finished();
  // The same seed on the same engine gives the same run.
  expect(await lab.figure("validation-loss")).toBe(loss);
});

test("a run is stepped, trained, paused and reset, by buttons and by keys", async ({ lab }) => {
  const { page } = lab;
  await lab.open("hidden=8&batch=32&epochs=100000");
  const { all, training } = await stepsOf(lab, 32);
  const where = async () => all * (await lab.figure("epoch")) + (await lab.figure("step"));
  const paused = () => expect(page.getByText("Paused")).toBeVisible();

  await test.step("the keys have the same effect as the buttons", async () => {
    await page.keyboard.press("s");
    await expect(page.locator("#step")).toHaveText("1");
    // The step may still be running; the training follows it.
    await page.keyboard.press("Space");
    await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
    await page.keyboard.press("Space");
    await paused();
    await page.keyboard.press("r");
    await lab.ready();
    expect(await lab.figure("step")).toBe(0);
  });

  await test.step("a step from the start is step 1, and its pictures are drawn again", async () => {
    const [noisy, denoised] = [await lab.pictures("noisy"), await lab.pictures("denoised")];
    await lab.press("Step");
    await expect(page.locator("#step")).toHaveText("1");
    expect(await lab.figure("epoch")).toBe(0);
    await expect.poll(() => lab.pictures("denoised")).not.toEqual(denoised);
    expect(await lab.pictures("noisy")).toEqual(noisy);
  });

  await test.step("two quick presses do two steps", async () => {
    await page.getByRole("button", { name: "Step", exact: true }).dblclick();
    await expect(page.locator("#step")).toHaveText("3");
  });

  await test.step("pictures are chosen by label, several at once, or at random", async () => {
    const labels = async () => [...new Set(await lab.labels())].sort();
    await page.getByRole("button", { name: "Only the digit 3" }).click();
    await expect.poll(labels).toEqual(["3"]);
    await page.getByRole("button", { name: "Only the digit 7" }).click();
    await expect.poll(async () => (await labels()).every((label) => "37".includes(label))).toBe(true);
    const clean = await lab.pictures("clean");
    await expect(async () => {
      await lab.press("Other ones");
      await expect.poll(() => lab.pictures("clean"), { timeout: 2000 }).not.toEqual(clean);
    }).toPass();
    await page.getByRole("button", { name: "Only the digit 3" }).click();
    await expect.poll(labels).toEqual(["7"]);
  });

  await test.step("a run can be paused, moved by one step, and trained further from there", async () => {
    const before = await where();
    await lab.press("Train");
    await expect.poll(where).toBeGreaterThan(before);
    // Pictures can be chosen at the same time.
    await page.getByRole("button", { name: "Only the digit 5" }).click();
    await expect.poll(async () => new Set(await lab.labels())).toEqual(new Set(["5", "7"]));
    await lab.press("Pause");
    await paused();
    const held = await where();
    // The last training step, and a step within the validation, complete the epoch.
    const place = held % all;
    await lab.press("Step");
    await expect.poll(where).toBe(place < training - 1 ? held + 1 : held - place + all);

    await lab.press("Train");
    await expect.poll(where).toBeGreaterThan(held + all);
    await lab.press("Pause");
    await paused();
    await lab.press("Reset");
    await lab.ready();
  });

  await test.step("no key has an effect while a setting is typed", async () => {
    const layers = page.getByLabel("Hidden layers", { exact: true });
    await layers.press("End");
    await layers.pressSequentially(" srs");
    await expect(layers).toHaveValue("8 srs");
    expect(await lab.figure("step")).toBe(0);
    await expect(page.getByRole("button", { name: "Train" })).toBeVisible();
  });
});

test("settings apply to an untouched run but not to a running one, and are refused if they are invalid", async ({
  lab,
}) => {
  const { page } = lab;
  await lab.open("hidden=8&batch=32");

  await test.step("an untouched run takes over the settings", async () => {
    await lab.set("Factor of Gaussian noise", "0");
    await expect(page.locator("#mean-noisy")).toHaveText("> 100");
    expect(await lab.pictures("noisy")).toEqual(await lab.pictures("clean"));
  });

  await test.step("the presets of Adadelta set its numbers, and other numbers match no preset", async () => {
    await lab.openSettings("Optimizer");
    await page.getByRole("radio", { name: "Keras 3" }).check();
    await expect(page.getByLabel("Learning rate", { exact: true })).toHaveValue("0.001");
    await lab.set("Learning rate", "0.5");
    await expect(page.getByRole("radio", { name: "Keras 2" })).not.toBeChecked();
    await expect(page.getByRole("radio", { name: "Keras 3" })).not.toBeChecked();
    await lab.ready();
  });

  await test.step("a running run keeps its own settings until Reset", async () => {
    await lab.press("Step");
    await expect(page.locator("#step")).toHaveText("1");
    await lab.set("Epochs", "7");
    await expect(page.getByText("Reset starts a new one with these.")).toBeVisible();
    await expect(page.locator("#epoch + small")).toHaveText(" of 100");
    await lab.press("Reset");
    await expect(page.locator("#epoch + small")).toHaveText(" of 7");
    await expect(page.getByText("Reset starts a new one with these.")).toBeHidden();
    await lab.ready();
  });

  await test.step("an invalid setting is explained in its place, and the run stays", async () => {
    await lab.press("Step");
    await expect(page.locator("#step")).toHaveText("1");
    for (const [title, text, sentence] of [
      ["Epochs", "0", "The number of epochs must be a whole number from 1 to 1000000, but it is 0."],
      ["Batch", "8001", /The batch of 8001 is larger than the training set, which has \d+ images: lower/],
      [
        "Factor of Gaussian noise",
        "much",
        'The noise "gaussian:much" cannot be read: "much" is not a number.',
      ],
      ["Hidden layers", "", "A network needs 1 to 15 hidden layers, but 0 are given."],
    ] as const) {
      await lab.set(title, text);
      const field = page.getByLabel(title, { exact: true });
      await expect(page.getByText(sentence)).toBeVisible();
      await expect(field).toHaveAttribute("aria-invalid", "true");
      await expect(field).toHaveValue(text);
    }
    await lab.press("Reset");
    await expect(page.getByText("A new run needs this corrected first:")).toBeVisible();
    expect(await lab.figure("step")).toBe(1);
  });

  await test.step("a network too large for the CPU is refused in one sentence, and the run stays", async () => {
    await lab.set("Epochs", "7");
    await lab.set("Batch", "32");
    await lab.set("Factor of Gaussian noise", "0.5");
    await lab.set("Hidden layers", "65536, 65536");
    await lab.press("Reset");
    await expect(
      page.getByText(/needs \d+ MB, but the adapter CPU .* allows \d+ MB per buffer/),
    ).toBeVisible();
    expect(await lab.figure("step")).toBe(1);
    await lab.press("Step");
    await expect(page.locator("#step")).toHaveText("2");
  });
});

test("digits that cannot be loaded are reported, and Reset tries again", async ({ lab, expectedErrors }) => {
  expectedErrors.push(/status of 404/);
  await lab.page.route(/labels\.idx\.gz/, (route) => route.fulfill({ status: 404 }));
  await lab.page.goto(lab.address(smallRun));
  await expect(lab.page.getByRole("alert")).toContainText(
    "digits/labels.idx.gz could not be loaded: the server answered 404.",
  );
  await lab.page.unroute(/labels\.idx\.gz/);
  await lab.press("Reset");
  await lab.ready();
});

test("a Worker that cannot be loaded is reported", async ({ lab, expectedErrors }) => {
  expectedErrors.push(/status of 404/);
  await lab.page.route(/training-worker/, (route) => route.fulfill({ status: 404 }));
  await lab.page.goto(lab.address(smallRun));
  await expect(lab.page.getByRole("alert")).toContainText("could not be loaded or has stopped");
});
