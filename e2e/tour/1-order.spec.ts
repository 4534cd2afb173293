import { expect } from "../support/page.ts";
import { phone, tour } from "../support/tour.ts";

tour(
  "what goes in stands before what comes out, and every setting says what it does",
  [phone],
  async (visitor) => {
    const { page } = visitor;
    await visitor.lab.open();

    const order = [
      "Digits it has never seen",
      "Presets",
      "Data and noise",
      "Network",
      "Training",
      "Optimizer",
    ];
    const results = ["Loss", "Quality", "Runs", "Inside the network", "Try it"];
    const shown = async () => {
      const headings = await page.getByRole("heading", { level: 2 }).allInnerTexts();
      return headings.filter((text) => [...order, ...results].includes(text));
    };
    await expect.poll(shown).toEqual([...order, ...results]);
    const topOf = async (title: string) =>
      (await page.getByRole("heading", { name: title, exact: true, level: 2 }).boundingBox())?.y ??
      Number.NaN;
    expect(await topOf("Data and noise")).toBeLessThan(await topOf("Network"));
    expect(await topOf("Network")).toBeLessThan(await topOf("Training"));
    expect(await topOf("Optimizer")).toBeLessThan(await topOf("Loss"));

    for (const group of ["Presets", "Data and noise", "Network", "Training", "Optimizer"])
      await visitor.openSettings(group);
    // A line under each.
    const form = page.getByRole("form", { name: "Settings" });
    const unexplained = await form.locator("input, select, fieldset").evaluateAll((controls) =>
      controls.flatMap((control) => {
        const own = control.closest("fieldset, .setting, .setting-pair > div") ?? control;
        const helped =
          own.querySelector(".setting-help") ?? own.parentElement?.querySelector(".setting-help");
        return helped?.textContent ? [] : [control.outerHTML.slice(0, 100)];
      }),
    );
    expect(unexplained).toEqual([]);

    const field = (title: string) => page.getByLabel(title, { exact: true });
    // What is worth seeing, a press each.
    const presets = page.getByRole("group", { name: "Presets" });
    const choose = async (name: string) => {
      const preset = presets.getByRole("button", { name, exact: true });
      await visitor.press(preset);
      await expect(preset).toHaveAttribute("aria-pressed", "true");
    };
    for (const [name, hidden] of [
      ["Article", "64"],
      ["Deep", "512, 128, 512"],
      ["Wide", "1024"],
      ["Blind", "32"],
      ["Notebook", "32"],
    ] as const) {
      await choose(name);
      await expect(field("Hidden layers")).toHaveValue(hidden);
    }
    await choose("Deep");
    await expect(page.getByRole("radio", { name: "Adam" })).toBeChecked();
    await expect(page.getByRole("radio", { name: "Cosine" })).toBeChecked();
    await expect(field("Initialization")).toHaveValue("he");
    await choose("Squared error");
    await expect(page.getByRole("radio", { name: "Squared error" })).toBeChecked();
    await choose("Keras 3");
    await expect(field("Learning rate")).toHaveValue("0.001");
    await expect(page.getByText(/^Learning rate 0.001, and why it fails: /)).toBeVisible();

    await field("Seed").fill("5");
    await expect(presets.getByRole("button", { name: "Keras 3" })).toHaveAttribute("aria-pressed", "false");
    await expect(page.getByText("Settings of your own.")).toBeVisible();
    await visitor.lab.ready();
  },
);
