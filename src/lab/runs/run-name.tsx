import type { Signal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { renameRun } from "./actions.ts";
import { longestName } from "./run-name.ts";
import type { KeptRun } from "./run-record.ts";

interface RunNameProps {
  readonly run: KeptRun;
  readonly current: boolean;
  /** Whether the name is being typed. */
  readonly renaming: Signal<boolean>;
}

/** A run's name, or the place where another one is typed. */
export function RunName({ run, current, renaming }: RunNameProps) {
  if (renaming.value) return <NameInput run={run} renaming={renaming} />;
  return (
    <p class="run-name">
      <strong>{run.name}</strong>
      {current && <span class="run-badge">current</span>}
    </p>
  );
}

/** Enter and leaving it take the name, Escape leaves the old one. */
function NameInput({ run, renaming }: Omit<RunNameProps, "current">) {
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => input.current?.select(), []);
  const end = (name: string) => {
    // Once: the field is also left as it goes.
    if (!renaming.value) return;
    renaming.value = false;
    renameRun(run, name);
  };
  return (
    <input
      ref={input}
      class="text-input"
      aria-label={`New name of ${run.name}`}
      maxLength={longestName}
      defaultValue={run.name}
      onKeyDown={({ key, currentTarget }) => {
        if (key !== "Enter" && key !== "Escape") return;
        const item = currentTarget.closest("li");
        end(key === "Enter" ? currentTarget.value : run.name);
        // The field goes, and the focus should not go with it.
        item?.querySelector("button")?.focus();
      }}
      onBlur={(event) => end(event.currentTarget.value)}
    />
  );
}
