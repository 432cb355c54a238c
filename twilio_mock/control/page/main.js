// Starts the page: shows the view that the address names, and tells each of what happens.

import { allAccounts, loadAccounts, watchAccounts } from "./accounts.js";
import { byId, notify } from "./dom.js";
import { showFaults, watchFaults } from "./faults.js";
import { showFlows, watchFlows } from "./flows.js";
import { addGap, addMissed, addRequest, forgetRequests, watchRequests } from "./requests.js";
import { watchTokenForm } from "./session.js";
import { showEmpty, showStart, watchStart } from "./start.js";
import { listen } from "./stream.js";
import { deliveryHappened, showTry, watchTry } from "./try.js";

// Milliseconds after which what a test may have changed is looked at again.
const REFRESH = 1500;
const VIEWS = { requests: () => {}, accounts: showFlows, try: showTry, faults: showFaults, start: showStart };
const CONNECTION = {
  joining: "connecting", live: "live", locked: "locked: a token is needed",
  lost: "disconnected, trying again", resting: "resting while nobody looks",
};
let epoch = "";
let view = "requests";
let live = false;

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // typed by hand
  }
}

function showView() {
  const [name, ...parts] = location.hash.replace(/^#\//, "").split("/").map(decoded);
  if (location.hash && !location.hash.startsWith("#/")) return; // the way past the head of the page
  view = Object.hasOwn(VIEWS, name) ? name : "requests";
  for (const each of Object.keys(VIEWS)) byId(`view-${each}`).hidden = each !== view;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#/${view}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  return refresh(...parts);
}

async function refresh(...parts) {
  try {
    await VIEWS[view](...parts);
  } catch (problem) {
    if (live) notify(problem.message);
  }
}

function showConnection(state) {
  live = state === "live";
  byId("connection").dataset.state = state;
  byId("connection").textContent = CONNECTION[state];
}

async function greet(hello) {
  byId("version").textContent = hello.version;
  if (!hello.resumed) {
    if (epoch && epoch !== hello.epoch) addGap("The mock was started anew: what is below was asked before.");
    else forgetRequests();
  }
  epoch = hello.epoch;
  try {
    await loadAccounts();
    await showEmpty();
    await refresh();
  } catch {
    // the connection is gone again
  }
}

function tell(kind, event) {
  if (kind === "hello") greet(event);
  else if (kind === "request") requestHappened(event);
  else if (kind === "missed") addMissed(event.count);
  else if (kind === "delivery") deliveryHappened(event);
}

function requestHappened(request) {
  addRequest(request);
  const sid = request.account_sid;
  if (sid && !allAccounts().some((account) => account.sid === sid)) refreshAccounts();
}

function refreshAccounts() {
  refreshAccounts.timer ||= setTimeout(async () => {
    refreshAccounts.timer = 0;
    await loadAccounts({ again: false }).catch(() => {}); // the connection is gone
  }, REFRESH / 3);
}

watchTokenForm();
watchAccounts();
watchRequests();
watchFlows(() => refresh());
watchTry();
watchFaults();
watchStart();
addEventListener("hashchange", showView);
showView();
setInterval(() => {
  if (live && !document.hidden && (view === "accounts" || view === "faults")) refresh();
}, REFRESH);
listen(tell, showConnection);
