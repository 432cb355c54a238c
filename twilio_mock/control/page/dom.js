// Makes elements. Text goes in as text, never as HTML: this is the only way in.

export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) {
        element.addEventListener(event, listener);
      }
    } else if (name === "class") element.className = value;
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

export const byId = (id) => document.getElementById(id);

export function fill(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
}

const nameOf = (element) => element.getAttribute("aria-label") ?? element.textContent;

// Fills an element only if what it shows has changed, so that scrolling stays; and so does the
// focus, on what is called the same.
export function fillIfNew(element, shown, make) {
  const text = JSON.stringify(shown);
  if (element.shownText === text) return;
  element.shownText = text;
  const focused = element.contains(document.activeElement) ? nameOf(document.activeElement) : null;
  fill(element, make());
  if (focused === null) return;
  const again = [...element.querySelectorAll("button, a, summary, [tabindex]")];
  again.find((each) => nameOf(each) === focused)?.focus();
}

export function notify(text) {
  byId("notice").textContent = text;
  clearTimeout(notify.timer);
  notify.timer = setTimeout(() => { byId("notice").textContent = ""; }, 6000);
}
