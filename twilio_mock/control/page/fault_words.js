// The faults that can be set: what each is called, what it does, and what it can be told.

const number = (label, value, min = 0) => ({ label, value, properties: { type: "number", min, step: "any" } });

// By the name of the effect; `need` are its own fields.
export const EFFECTS = {
  error: { says: "Twilio refuses, with an error code", need: { code: number("Error code", 20503) } },
  too_many_requests: { says: "429, too many requests", need: { retry_after: number("Retry-After, seconds", 1) } },
  delay: { says: "the answer comes late", need: { seconds: number("Seconds", 2) } },
  lose_response: { says: "it is done, but the answer is lost", need: {} },
  hang: { says: "no answer until the fault is removed", need: {} },
  hang_up: { says: "the connection is closed", need: {} },
  reset: { says: "the connection is reset", need: {} },
  respond: { says: "an answer of your own", need: { status: number("Status", 200, 200), body: { label: "Body", value: "{}", properties: {} } } },
  gateway_page: { says: "an HTML page of a gateway", need: { status: number("Status", 502, 200) } },
  garble: { says: "an answer that is no JSON", need: {} },
  truncate: { says: "half an answer", need: { length: number("Bytes that arrive", 20) } },
  trickle: { says: "an answer byte by byte", need: { bytes_per_second: number("Bytes per second", 100, 1) } },
  stale_read: { says: "reads show an older state", need: { reads: number("Reads", 2, 1) } },
  concurrency_limit: { says: "429 above so many at once", need: { n: number("At once", 2, 1) } },
  barrier: { says: "requests wait for each other", need: { n: number("How many", 2, 1) } },
};

export const WEBHOOK_EFFECTS = {
  drop: "the request is lost", duplicate: "the request comes twice",
  delay: "the request comes late", hold: "the request waits until it is released",
};
