import type { Command, Option } from "commander";
import type { Environment } from "./io.ts";
import { shellWord } from "./text.ts";

/** Options that npm has too: they may have been meant for npm. */
const ofNpm: ReadonlySet<string> = new Set(["--force", "--json", "--quiet", "--version", "--help"]);

/**
 * A warning if an npm script runs the program and npm took options of the command for itself; otherwise undefined. `npm run train
 * --epochs=1` passes no option to the script, but sets the variable npm_config_epochs (docs.npmjs.com/cli/using-npm/scripts).
 */
export function takenByNpm(program: Command, args: readonly string[], env: Environment): string | undefined {
  const { npm_lifecycle_event: script } = env;
  const command = program.commands.find((each) => each.name() === args[0]);
  // `npx` passes everything after the program's name.
  if (script === undefined || script === "npx" || !command) return undefined;
  const taken = command.options.flatMap((option) => {
    const value = npmValueOf(option, env);
    return value === undefined ? [] : [{ option, value }];
  });
  if (taken.length === 0) return undefined;
  const rest = args.slice(script === args[0] ? 1 : 0);
  // npm takes only the first word of "--epochs 1".
  const separate = taken.filter(({ option, value }) => option.required && value === "true");
  const [only] = rest;
  const pairs = separate.length === 1 && rest.length === 1 && only !== args[0] && !only?.startsWith("-");
  const options = taken.map(({ option, value }) => {
    if (!option.required) return option.long;
    if (value !== "true") return `${option.long} ${shellWord(value)}`;
    return pairs && only !== undefined ? `${option.long} ${shellWord(only)}` : option.flags;
  });
  // A script of another package contains arguments, which npm adds again.
  const own = env.npm_package_name === "unsnow" && !pairs ? rest.map(shellWord) : [];
  const names = taken.map(({ option }) => option.long).join(" and ");
  return `npm took ${names} for itself: write npm run ${script} -- ${[...own, ...options].join(" ")}.`;
}

/** The value that npm has for an option; undefined if it was not given. */
function npmValueOf({ long, negate, required }: Option, env: Environment): string | undefined {
  if (!long || ofNpm.has(long)) return undefined;
  const name = long.slice(negate ? "--no-".length : "--".length);
  const value = env[`npm_config_${name.replaceAll("-", "_").toLowerCase()}`];
  // npm stores false, as for --no-flips, as an empty string.
  if (!required && (value === "") !== negate) return undefined;
  return value;
}
