import type { ComponentChildren } from "preact";

interface SettingsGroupProps {
  readonly title: string;
  /** The settings in short, for when the group is closed. */
  readonly brief: string;
  /** Whether it is open at first. */
  readonly open: boolean;
  readonly children: ComponentChildren;
}

/** Settings that belong together. */
export function SettingsGroup({ title, brief, open, children }: SettingsGroupProps) {
  return (
    <details class="card settings-group" open={open}>
      <summary>
        <h2>{title}</h2>
        <span class="settings-brief">{brief}</span>
      </summary>
      <div class="settings-fields">{children}</div>
    </details>
  );
}
