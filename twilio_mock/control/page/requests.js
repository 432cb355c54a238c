// The list of requests: the newest on top, as many as a page can bear, drawn in batches.

import { byId, el, fill } from "./dom.js";
import { onClose, showRequest } from "./detail.js";
import { currentFilter, fits, onFilter } from "./filter.js";
import { clock, plural, short, shortPath, span, statusClass, statusText } from "./words.js";

const KEPT = 500;
// Milliseconds between two batches: many requests a second must not keep the page from answering.
const PAUSE = 120;

let kept = []; // newest first
let arrived = []; // oldest first, not drawn yet
let numbered = 0;
let missed = 0;
let held = false;
let drawing = false;
let current = null;

const list = () => byId("requests");
const rowId = (request) => `request-${request.key}`;

export function addRequest(request) {
  numbered += 1;
  arrived.push({ ...request, key: numbered });
  if (arrived.length > KEPT) arrived.splice(0, arrived.length - KEPT);
  draw();
}

export function addGap(text) {
  if (kept.length || arrived.length) addRequest({ gap: text });
}

export function addMissed(count) {
  missed += count;
  draw();
}

export function forgetRequests() {
  kept = [];
  arrived = [];
  missed = 0;
  drawAll();
}

function draw() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawBatch();
    setTimeout(() => {
      drawing = false;
      if (arrived.length && held) count(); // what has come since the last batch
      else if (arrived.length) draw();
    }, PAUSE);
  });
}

function drawBatch() {
  if (held) {
    count();
    return;
  }
  const batch = arrived.reverse();
  arrived = [];
  kept = [...batch, ...kept].slice(0, KEPT);
  const filter = currentFilter();
  const oldest = kept.at(-1)?.key ?? 0;
  list().prepend(...batch.filter((request) => shows(request, filter)).map(row));
  while (list().lastElementChild && Number(list().lastElementChild.dataset.key) < oldest) {
    list().lastElementChild.remove();
  }
  count();
}

function drawAll() {
  const filter = currentFilter();
  fill(list(), kept.filter((request) => shows(request, filter)).map(row));
  mark();
  count();
}

const shows = (request, filter) => (request.gap ? !filter.text : fits(request, filter));

function row(request) {
  if (request.gap) {
    return el("li", { class: "gap", role: "presentation", "data-key": request.key }, request.gap);
  }
  return el("li", {
    id: rowId(request), role: "option", "aria-selected": String(request.key === current),
    "data-key": request.key, on: { click: () => choose(request) },
  },
  el("span", { class: "line" },
    el("span", { class: `status ${statusClass(request.status)}` }, statusText(request.status)),
    el("span", { class: "method" }, request.method),
    el("span", { class: "what" }, request.operation ?? shortPath(request.path)),
    el("span", { class: "marks" }, marks(request))),
  el("span", { class: "line" },
    el("span", { class: "more quiet" }, request.parameters || shortPath(request.path)),
    el("span", { class: "when quiet" },
      `${request.account_sid ? short(request.account_sid) : "no account"} · ${span(request.duration)} · ${clock(request.started)}`)));
}

function marks(request) {
  const findings = [...new Set(request.findings)];
  const more = findings.length > 1 ? ` +${findings.length - 1}` : "";
  return [
    request.faults.map((name) => el("span", { class: "mark fault" }, name)),
    findings.length ? el("span", { class: "mark finding" }, findings[0] + more) : null,
  ];
}

function choose(request) {
  current = request.key;
  mark();
  byId("view-requests").classList.add("chosen");
  showRequest(request);
}

function mark() {
  for (const item of list().querySelectorAll('[aria-selected="true"]')) {
    item.setAttribute("aria-selected", "false");
  }
  const item = byId(`request-${current}`);
  item?.setAttribute("aria-selected", "true");
  if (item) list().setAttribute("aria-activedescendant", item.id);
  else list().removeAttribute("aria-activedescendant");
  return item;
}

function count() {
  const shown = list().querySelectorAll('[role="option"]').length;
  const all = kept.filter((request) => !request.gap).length;
  const whole = all < KEPT ? plural(all, "request") : `the newest ${KEPT} requests`;
  const words = [shown === all ? whole : `${shown} of ${whole}`];
  if (missed) words.push(`${missed} came too fast to show; the journal has them`);
  if (held && arrived.length) words.push(`${arrived.length} wait`);
  byId("counts").textContent = words.join(" · ");
  byId("no-requests").hidden = all > 0;
  list().hidden = all === 0;
}

function move(event) {
  const rows = [...list().querySelectorAll('[role="option"]')];
  const place = rows.findIndex((item) => Number(item.dataset.key) === current);
  const wanted = {
    ArrowDown: place + 1, ArrowUp: place < 0 ? 0 : place - 1, Home: 0, End: rows.length - 1,
    PageDown: place + 10, PageUp: place - 10,
  }[event.key];
  if (event.key === "Enter" && place >= 0) byId("detail").focus();
  if (wanted === undefined || !rows.length) return;
  event.preventDefault();
  const item = rows[Math.max(0, Math.min(rows.length - 1, wanted))];
  choose(kept.find((request) => request.key === Number(item.dataset.key)));
  item.scrollIntoView({ block: "nearest" });
}

function closeDetail() {
  byId("view-requests").classList.remove("chosen");
  list().focus();
}

export function watchRequests() {
  list().addEventListener("keydown", move);
  // Right after loading nothing has the focus yet.
  document.addEventListener("keydown", (event) => {
    const free = event.target === document.body && !byId("view-requests").hidden;
    if (!free || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    list().focus();
    move(event);
  });
  byId("detail").addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeDetail();
  });
  byId("clear").addEventListener("click", forgetRequests);
  byId("hold").addEventListener("click", () => {
    held = !held;
    byId("hold").setAttribute("aria-pressed", String(held));
    byId("hold").textContent = held ? "Go on" : "Pause";
    if (!held) draw();
    count();
  });
  onClose(closeDetail);
  onFilter(drawAll);
  count();
}
