import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { denoiseCommand } from "../../src/cli/denoise-command.ts";
import { takenByNpm } from "../../src/cli/npm-options.ts";
import { trainCommand } from "../../src/cli/train-command.ts";

/** What npm sets in every script, among it names that begin like options of the program. */
const always = {
  npm_package_name: "unsnow",
  npm_config_cache: "/home/ada/.npm",
  npm_config_init_module: "/home/ada/.npm-init.js",
  npm_config_noproxy: "",
  npm_config_prefix: "/usr",
  npm_config_user_agent: "npm/11",
  // An option of npm's that a command has too, as of `npm --force run ...`.
  npm_config_force: "true",
};

const program = new Command();
trainCommand(program);
denoiseCommand(program);

const warning = (args: readonly string[], env: Readonly<Record<string, string>>) =>
  takenByNpm(program, args, { ...always, ...env });

const train = (env: Readonly<Record<string, string>>, ...args: readonly string[]) =>
  warning(["train", ...args, "--data", "absent"], { npm_lifecycle_event: "train", ...env });

describe("options that npm took for itself", () => {
  test.each([
    [
      { npm_config_epochs: "1" },
      "npm took --epochs for itself: write npm run train -- --data absent --epochs 1.",
    ],
    [
      { npm_config_fixed_noise: "true", npm_config_val_data: "my photos" },
      "npm took --val-data and --fixed-noise for itself: write npm run train -- --data absent --val-data 'my photos' --fixed-noise.",
    ],
    [
      { npm_config_flips: "" },
      "npm took --no-flips for itself: write npm run train -- --data absent --no-flips.",
    ],
    [
      { npm_config_epochs: "true" },
      "npm took --epochs for itself: write npm run train -- --data absent --epochs <count>.",
    ],
    [{}, undefined],
    // --no-fixed-noise is no option.
    [{ npm_config_fixed_noise: "" }, undefined],
    // Not an option of train.
    [{ npm_config_strength: "0.1" }, undefined],
  ])("%j", (env, expected) => {
    expect(train(env)).toBe(expected);
  });

  test("are reported with the value that npm left", () => {
    const env = { npm_lifecycle_event: "train", npm_config_epochs: "true" };
    expect(warning(["train", "1"], env)).toBe(
      "npm took --epochs for itself: write npm run train -- --epochs 1.",
    );
  });

  test("are written after the command where the script is the program", () => {
    const env = { npm_lifecycle_event: "unsnow", npm_config_out: "clean", npm_config_model: "true" };
    expect(warning(["denoise", "photo", "a.jpg"], env)).toBe(
      "npm took --model and --out for itself: write npm run unsnow -- denoise photo a.jpg --model <file> --out clean.",
    );
  });

  test("are none outside of scripts, and where npx runs the program", () => {
    expect(warning(["train", "--data", "absent"], { npm_config_epochs: "1" })).toBeUndefined();
    expect(train({ npm_config_epochs: "1", npm_lifecycle_event: "npx" })).toBeUndefined();
  });
});
