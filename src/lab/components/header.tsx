import mark from "../mark.svg";
import { store } from "../store.ts";

/** What this is, and what computes it. */
export function Header() {
  return (
    <header class="header">
      <img class="header-mark" src={mark} alt="" width="56" height="56" />
      <div class="header-words">
        <h1>unsnow</h1>
        <p>Watch a small neural network learn to take the noise off pictures, on the GPU of this computer.</p>
      </div>
      <Adapter />
    </header>
  );
}

function Adapter() {
  const { value: laboratory } = store.laboratory;
  if (!laboratory) return null;
  const { name, software } = laboratory.adapter;
  return (
    <p class="adapter">
      <span class="adapter-title">Computes on</span> <span id="adapter">{name}</span>
      {software && <small>A software GPU: it all works, but many times slower.</small>}
    </p>
  );
}
