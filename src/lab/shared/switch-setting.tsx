interface SwitchSettingProps {
  readonly id: string;
  readonly title: string;
  /** What it does, in plain words. */
  readonly help: string;
  readonly on: boolean;
  readonly onSwitch: (on: boolean) => void;
}

/** A setting that is on or off. */
export function SwitchSetting({ id, title, help, on, onSwitch }: SwitchSettingProps) {
  return (
    <div class="setting setting-switch">
      <label for={id}>{title}</label>
      <input
        id={id}
        class="switch"
        type="checkbox"
        checked={on}
        aria-describedby={`${id}-help`}
        onChange={(event) => onSwitch(event.currentTarget.checked)}
      />
      <p class="setting-help" id={`${id}-help`}>
        {help}
      </p>
    </div>
  );
}
