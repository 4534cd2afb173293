import { offerFolder } from "./own-pictures-control.ts";

/** Chooses a folder of pictures. */
export function FolderButton() {
  return (
    <label class="button button-small folder-button">
      Choose a folder
      <input
        ref={(input) => {
          if (input) input.webkitdirectory = true;
        }}
        class="visually-hidden"
        type="file"
        aria-describedby="setting-files-help"
        onChange={({ currentTarget }) => {
          void offerFolder([...(currentTarget.files ?? [])]);
          // The same folder may be chosen once more after it was changed.
          currentTarget.value = "";
        }}
      />
    </label>
  );
}
