// The events of the server: read as they come, and asked for again when the connection is lost.
// EventSource would do this too, but cannot send the control token.

import { place } from "./api.js";
import { askForToken, authorization } from "./session.js";

// The server says something every 10 seconds.
const SILENCE = 25000;
// A browser has six connections to a server, for all of its tabs: one that is hidden gives its own up.
const HIDDEN = 20000;
const DELAYS = [250, 500, 1000, 2000];

// What is in a stream of bytes, event by event.
async function* eventsIn(body, alive) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    alive();
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const event = parsed(block);
      if (event.data !== undefined) yield event;
    }
  }
}

function parsed(block) {
  const event = {};
  for (const line of block.split("\n")) {
    const colon = line.indexOf(": ");
    if (colon > 0) event[line.slice(0, colon)] = line.slice(colon + 2);
  }
  return event;
}

// Resolves when somebody looks at the page.
async function looking() {
  while (document.hidden) {
    await new Promise((resolve) => {
      document.addEventListener("visibilitychange", resolve, { once: true });
    });
  }
}

// Calls a function when nobody has looked at the page for a while; returns what ends that.
function whenHidden(rest) {
  let timer = 0;
  const watch = () => {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(rest, HIDDEN);
  };
  document.addEventListener("visibilitychange", watch);
  watch();
  return () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", watch);
  };
}

// Calls `tell(kind, data)` for each event and `show(state)` when the connection comes or goes.
export async function listen(tell, show) {
  let last = "";
  let failures = 0;
  for (;;) {
    if (document.hidden && last) {
      show("resting");
      await looking();
    }
    const control = new AbortController();
    const stopHiding = whenHidden(() => control.abort());
    let live = false;
    let timer = 0;
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => control.abort(), SILENCE);
    };
    try {
      alive();
      const response = await fetch(place("events"), {
        headers: {
          Accept: "text/event-stream",
          ...(last ? { "Last-Event-ID": last } : {}),
          ...authorization(),
        },
        cache: "no-store",
        signal: control.signal,
      });
      if (response.status === 401) {
        clearTimeout(timer);
        stopHiding();
        show("locked");
        await askForToken();
        continue;
      }
      if (!response.ok) throw new Error(`the server answered ${response.status}`);
      for await (const event of eventsIn(response.body, alive)) {
        if (!live) show("live");
        live = true;
        if (event.id) last = event.id;
        tell(event.event, JSON.parse(event.data));
      }
    } catch {
      // it is tried again
    }
    clearTimeout(timer);
    stopHiding();
    control.abort();
    failures = live ? 0 : failures + 1;
    if (document.hidden && last) continue;
    show("lost");
    await new Promise((resolve) => { setTimeout(resolve, DELAYS[Math.min(failures, 3)]); });
  }
}
