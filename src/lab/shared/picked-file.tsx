import type { ComponentChildren } from "preact";

interface PickedFileProps {
  readonly id: string;
  readonly title: string;
  /** The kinds of files that are offered, as of `<input accept>`. */
  readonly accept: string;
  readonly onPick: (file: File) => void;
  /** Says what the file is for, and what is there. */
  readonly children: ComponentChildren;
}

/** Chooses one file. */
export function PickedFile({ id, title, accept, onPick, children }: PickedFileProps) {
  return (
    <div class="setting">
      <label for={id}>{title}</label>
      <input
        id={id}
        class="file-input"
        type="file"
        accept={accept}
        aria-describedby={`${id}-help`}
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          if (file) onPick(file);
          // The same file may be chosen once more after it was changed.
          currentTarget.value = "";
        }}
      />
      <p class="setting-help" id={`${id}-help`}>
        {children}
      </p>
    </div>
  );
}
