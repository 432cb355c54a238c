// Text to copy: a block of it with a button.

import { el, notify } from "./dom.js";

async function copy(text, block) {
  try {
    await navigator.clipboard.writeText(text);
    notify("Copied.");
  } catch {
    // No clipboard, or not for this address: the text is chosen, for Ctrl-C.
    getSelection().selectAllChildren(block);
    notify("Chosen: copy it with Ctrl-C.");
  }
}

export function copyable(text, name) {
  const block = el("pre", { tabindex: "0", "aria-label": name }, el("code", {}, text));
  const button = el("button", { type: "button", class: "copy", "aria-label": `Copy ${name}`, on: { click: () => copy(text, block) } }, "Copy");
  return el("div", { class: "copyable" }, block, button);
}
