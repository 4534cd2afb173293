// Puts the library's declarations together, a file a module in dist/types, into dist/library/unsnow.d.ts, and reports what of them
// programs may rely on:
//   node api/declarations.mjs            writes dist/types/unsnow.api.md
//   node api/declarations.mjs --accept   writes docs/unsnow.api.md as well
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Extractor, ExtractorConfig } from "@microsoft/api-extractor";

const root = fileURLToPath(new URL("..", import.meta.url));
const types = join(root, "dist", "types");

const quiet = { default: { logLevel: /** @type {const} */ ("none") } };
const strict = { default: { logLevel: /** @type {const} */ ("error") } };

const config = ExtractorConfig.prepare({
  configObject: {
    projectFolder: root,
    mainEntryPointFilePath: join(types, "index.d.ts"),
    compiler: {
      overrideTsconfig: {
        compilerOptions: {
          target: "ES2023",
          lib: ["ES2023", "ESNext.Disposable", "WebWorker"],
          types: ["@webgpu/types"],
          module: "ESNext",
          moduleResolution: "bundler",
          allowImportingTsExtensions: true,
          noEmit: true,
          skipLibCheck: true,
          strict: true,
          exactOptionalPropertyTypes: true,
          paths: {
            "#default-gpu": [join(types, "library", "web-gpu.d.ts")],
            "#cpu-threads": [join(types, "cpu", "web-threads.d.ts")],
          },
        },
        files: [join(types, "index.d.ts")],
      },
    },
    newlineKind: "lf",
    apiReport: {
      enabled: true,
      reportFileName: "unsnow.api.md",
      reportFolder: types,
      reportTempFolder: join(types, "report"),
    },
    dtsRollup: { enabled: true, untrimmedFilePath: join(root, "dist", "library", "unsnow.d.ts") },
    docModel: { enabled: false, apiJsonFilePath: "" },
    tsdocMetadata: { enabled: false },
    messages: {
      compilerMessageReporting: strict,
      // What is used but not exported is an error, and so is what has no comment; all is public, without a tag that says so.
      extractorMessageReporting: { ...strict, "ae-missing-release-tag": quiet.default },
      // Comments are read by people and by TypeDoc, whose rules are looser.
      tsdocMessageReporting: quiet,
    },
  },
  configObjectFullPath: undefined,
  packageJsonFullPath: join(root, "package.json"),
});

const { succeeded } = Extractor.invoke(config, {
  localBuild: true,
  messageCallback: (message) => {
    message.handled = message.logLevel !== "error";
    if (message.logLevel === "error") console.error(message.formatMessageWithLocation(root));
  },
});
if (!succeeded) process.exitCode = 1;
else if (process.argv.includes("--accept")) {
  copyFileSync(join(types, "unsnow.api.md"), join(root, "docs", "unsnow.api.md"));
}
