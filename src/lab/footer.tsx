import { KeysButton } from "./run/keys-button.tsx";

/** The page's last words. */
export function Footer() {
  return (
    <footer class="footer">
      <p>Everything happens in this tab: no picture, setting or number leaves this computer.</p>
      <KeysButton />
    </footer>
  );
}
