// The accounts of the server, and which one the page is about.

import { get } from "./api.js";
import { byId, el, fill } from "./dom.js";
import { short } from "./words.js";

// A server for many test runs has more than anybody would choose from.
const OFFERED = 200;
const listeners = [];
let accounts = [];
let shown = "";

export const allAccounts = () => accounts;

// The chosen account: empty for all.
export const chosen = () => byId("account").value;

const holds = (account) => Object.values(account.records).some(Boolean);

// The chosen account, or where it has to be one the first that holds anything.
export const one = () => chosen() || (accounts.find(holds) ?? accounts[0])?.sid || "";

export function onChoice(listener) {
  listeners.push(listener);
}

export function choose(sid) {
  offer(sid);
  byId("account").value = sid;
  tellWhich();
  for (const listener of listeners) listener();
}

// Of so many accounts the list is not read again and again.
const MANY = 1000;

export async function loadAccounts({ again = true } = {}) {
  if (!again && accounts.length > MANY) return;
  ({ accounts } = await get("accounts"));
  const before = chosen();
  offer(before);
  if (chosen() !== before) choose("");
  tellWhich();
}

// Where it has to be one account, the title says which.
function tellWhich() {
  const account = accounts.find((each) => each.sid === one());
  for (const element of document.querySelectorAll(".about")) {
    element.textContent = account ? `of ${named(account)}` : "";
  }
}

function offer(kept) {
  const offered = accounts.slice(0, OFFERED);
  const extra = accounts.find((account) => account.sid === kept);
  if (extra && !offered.includes(extra)) offered.push(extra);
  const text = JSON.stringify(offered.map((account) => [account.sid, account.friendly_name]));
  if (text === shown) return;
  shown = text;
  const options = offered.map((account) => el("option", { value: account.sid }, named(account)));
  fill(byId("account"), el("option", { value: "" }, "all"), options);
  byId("account").value = offered.some((account) => account.sid === kept) ? kept : "";
}

export function named(account) {
  const name = account.friendly_name;
  return name && name !== account.sid ? `${name} (${short(account.sid)})` : account.sid;
}

export function watchAccounts() {
  byId("account").addEventListener("change", () => choose(chosen()));
}
