// How things are called and written on the page.

export const KINDS = {
  incoming_call: "a call arrives",
  sdk_call: "a Voice SDK client calls out",
  outgoing_call: "a call is made by the API",
  incoming_message: "a message arrives",
  outgoing_message: "a message is sent by the API",
};

export const FIELDS = {
  voice_url: "VoiceUrl",
  voice_fallback_url: "VoiceFallbackUrl",
  status_callback: "StatusCallback",
  sms_url: "SmsUrl",
  sms_fallback_url: "SmsFallbackUrl",
  sms_status_callback: "SmsStatusCallback",
  message_status_callback: "MessageStatusCallback",
};

export function statusClass(status) {
  if (!status) return "silent";
  if (status >= 500) return "broken";
  if (status >= 400) return "bad";
  return "good";
}

export const statusText = (status) => (status ? String(status) : "none");

export function clock(seconds) {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.valueOf()) ? "" : date.toTimeString().slice(0, 8);
}

export function moment(seconds) {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.valueOf()) ? "" : date.toISOString().replace("T", " ").replace("Z", " UTC");
}

export function span(seconds) {
  if (seconds >= 1) return `${seconds.toFixed(2)} s`;
  const milliseconds = seconds * 1000;
  return `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;
}

// AC0123…cdef
export const short = (sid) => (sid && sid.length > 14 ? `${sid.slice(0, 6)}…${sid.slice(-4)}` : sid ?? "");

export const shortPath = (path) => path.replace(/^\/2010-04-01\/Accounts\/[^/]+\//, "…/");

export function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

export const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
