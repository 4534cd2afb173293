import { store } from "../store.ts";
import { copyLink } from "./actions.ts";

/** Copies a link that brings these settings back, the seed too. */
export function CopyLink() {
  return (
    <div class="setting">
      <div class="copy-link">
        <button
          type="button"
          class="button button-small"
          aria-describedby="copy-link-help"
          onClick={() => void copyLink()}
        >
          Copy link
        </button>
        <span class="setting-help" role="status">
          {store.linkStatus.value}
        </span>
      </div>
      <p class="setting-help" id="copy-link-help">
        Opens the page with these settings and this seed, so that the run can be repeated.
      </p>
    </div>
  );
}
