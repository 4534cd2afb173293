// Sets up what an npm script needs, if it is not set up yet:
//   node scripts/setup.mjs packages browser gpu cli
// npm runs this before anything is installed, so it imports only Node modules.
import { setUpBrowser } from "./setup/browser.mjs";
import { setUpCli } from "./setup/cli.mjs";
import { setUpGpu } from "./setup/gpu.mjs";
import { setUpLibrary } from "./setup/library.mjs";
import { setUpPackages } from "./setup/packages.mjs";
import { SetupError } from "./setup/report.mjs";
import { setUpTestPage } from "./setup/test-page.mjs";

/** @type {Record<string, () => void>} */
const parts = {
  packages: () => setUpPackages(),
  browser: setUpBrowser,
  gpu: setUpGpu,
  cli: setUpCli,
  api: () => setUpPackages("api"),
  library: setUpLibrary,
  "test-page": setUpTestPage,
  bench: () => setUpPackages("bench"),
};

try {
  for (const name of process.argv.slice(2)) {
    const setUp = parts[name];
    if (!setUp) {
      throw new SetupError(`There is no part "${name}" to set up: name ${Object.keys(parts).join(", ")}.`);
    }
    setUp();
  }
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`unsnow: ${error.message}`);
  process.exitCode = 1;
}
