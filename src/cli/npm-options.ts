import type { Command, Option } from "commander";
import type { Environment } from "./io.ts";
import { shellWord } from "./text.ts";

/** Options of the program that npm has too: npm may have been given them for itself. */
const ofNpm: ReadonlySet<string> = new Set(["--force", "--json", "--quiet", "--version", "--help"]);

/**
 * A warning if the program is run by an npm script, and npm took options of the command for itself: `npm run train --epochs=1`
 * gives the script no option, but the variable npm_config_epochs (docs.npmjs.com/cli/using-npm/scripts). Undefined otherwise.
 */
export function takenByNpm(program: Command, args: readonly string[], env: Environment): string | undefined {
  const { npm_lifecycle_event: script } = env;
  const command = program.commands.find((each) => each.name() === args[0]);
  // `npx` passes all that follows the program's name.
  if (script === undefined || script === "npx" || !command) return undefined;
  const taken = command.options.flatMap((option) => {
    const value = npmValueOf(option, env);
    return value === undefined ? [] : [{ option, value }];
  });
  if (taken.length === 0) return undefined;
  const rest = args.slice(script === args[0] ? 1 : 0);
  // Of "--epochs 1" npm takes the first word only.
  const separate = taken.filter(({ option, value }) => option.required && value === "true");
  const [only] = rest;
  const pairs = separate.length === 1 && rest.length === 1 && only !== args[0] && !only?.startsWith("-");
  const options = taken.map(({ option, value }) => {
    if (!option.required) return option.long;
    if (value !== "true") return `${option.long} ${shellWord(value)}`;
    return pairs && only !== undefined ? `${option.long} ${shellWord(only)}` : option.flags;
  });
  // A script of another package has words of its own, which npm adds again.
  const own = env.npm_package_name === "unsnow" && !pairs ? rest.map(shellWord) : [];
  const names = taken.map(({ option }) => option.long).join(" and ");
  return `npm took ${names} for itself: write npm run ${script} -- ${[...own, ...options].join(" ")}.`;
}

/** The value that npm keeps for an option; undefined if it was not given. */
function npmValueOf({ long, negate, required }: Option, env: Environment): string | undefined {
  if (!long || ofNpm.has(long)) return undefined;
  const name = long.slice(negate ? "--no-".length : "--".length);
  const value = env[`npm_config_${name.replaceAll("-", "_").toLowerCase()}`];
  // npm stores false, as of --no-flips, as an empty text.
  if (!required && (value === "") !== negate) return undefined;
  return value;
}
