import type { ComponentChildren } from "preact";

interface SettingWordsProps {
  /** The setting's own id, which those of its words begin with. */
  readonly id: string;
  /** What it does, in plain words. */
  readonly help: ComponentChildren;
  /** What is wrong with it, if anything is. */
  readonly fault: string | undefined;
}

/** What is said below a setting, named by `wordsOf` for those who cannot see where it stands. */
export function SettingWords({ id, help, fault }: SettingWordsProps) {
  return (
    <>
      <p class="setting-fault" id={`${id}-fault`} aria-live="polite">
        {fault}
      </p>
      <p class="setting-help" id={`${id}-help`}>
        {help}
      </p>
    </>
  );
}

/** The ids of a setting's words, for `aria-describedby`. */
export function wordsOf(id: string): string {
  return `${id}-help ${id}-fault`;
}
