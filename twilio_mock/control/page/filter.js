// Which requests are shown: what the filter says, and the account that is chosen.

import { chosen, onChoice } from "./accounts.js";
import { byId } from "./dom.js";

export function currentFilter() {
  return {
    account: chosen(),
    marked: byId("filter-marked").checked,
    method: byId("filter-method").value,
    status: byId("filter-status").value,
    text: byId("filter-text").value.trim().toLowerCase(),
  };
}

export function fits(request, filter) {
  if (filter.account && request.account_sid !== filter.account) return false;
  if (filter.method && request.method !== filter.method) return false;
  if (filter.status && String(Math.floor(request.status / 100)) !== filter.status) return false;
  if (filter.marked && !request.faults.length && !request.findings.length) return false;
  return !filter.text || searched(request).includes(filter.text);
}

// What the text is looked for in; made once for each request.
function searched(request) {
  request.searched ??= [
    request.method, request.path, request.query, request.operation, request.status,
    request.error_code, request.parameters, request.request_id, request.caller,
    ...request.faults, ...request.findings,
  ].join(" ").toLowerCase();
  return request.searched;
}

export function onFilter(listener) {
  const form = byId("filter");
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", listener);
  onChoice(listener);
}
