// Elements, and what helps with keyboards and pointers. Text is only ever set as text.

/**
 * An element with attributes, listeners (`onclick`) and children. Children that are `null` or `false` are left out.
 * @param {string} name @param {Record<string, any>} [attributes] @param {...any} children @returns {any}
 */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A link where the address is one of the web; else its words. @param {string} address @param {string} words */
export function link(address, words) {
  return /^https?:\/\//i.test(address) ? h("a", { href: address, rel: "noopener noreferrer", target: "_blank" }, words) : h("span", {}, words);
}

const tip = h("div", { id: "tip", role: "tooltip", hidden: true });

/**
 * Shows what `tell` gives while the pointer is over an element or it has the focus.
 * @param {any} element @param {() => any[]} tell
 */
export function tooltip(element, tell) {
  const show = () => {
    if (!tip.isConnected) document.body.append(tip);
    tip.replaceChildren(...tell());
    tip.hidden = false;
    element.setAttribute("aria-describedby", "tip");
    const [at, own] = [element.getBoundingClientRect(), tip.getBoundingClientRect()];
    const left = Math.max(8, Math.min(at.left + at.width / 2 - own.width / 2, document.documentElement.clientWidth - own.width - 8));
    const above = at.top - own.height - 10;
    tip.style.left = `${left + scrollX}px`;
    tip.style.top = `${(above > 4 ? above : at.bottom + 10) + scrollY}px`;
  };
  element.addEventListener("pointerenter", show);
  element.addEventListener("focus", show);
  element.addEventListener("pointerleave", hideTooltip);
  element.addEventListener("blur", hideTooltip);
}

export function hideTooltip() {
  tip.hidden = true;
}
addEventListener("keydown", (event) => event.key === "Escape" && hideTooltip());

/**
 * Makes elements one stop of the Tab key, between which arrows, Home and End move; Enter and Space do what a click does.
 * @param {any[]} elements
 */
export function roving(elements) {
  const focus = (at) => {
    for (const [index, element] of elements.entries()) element.setAttribute("tabindex", index === at ? "0" : "-1");
    elements[at]?.focus();
  };
  for (const [at, element] of elements.entries()) {
    element.setAttribute("tabindex", at === 0 ? "0" : "-1");
    element.addEventListener("keydown", (event) => {
      const last = elements.length - 1;
      const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: last }[event.key];
      if (to !== undefined) {
        event.preventDefault();
        focus(Math.max(0, Math.min(to, last)));
      } else if ((event.key === "Enter" || event.key === " ") && element.localName !== "button") {
        event.preventDefault();
        element.dispatchEvent(new MouseEvent("click", { bubbles: true }));
      }
    });
  }
}

const announcer = h("p", { role: "status", "aria-live": "polite", class: "unseen" });

/** Tells screen readers. @param {string} words */
export function announce(words) {
  if (!announcer.isConnected) document.body.append(announcer);
  announcer.textContent = words;
}

/** A file that the browser saves. @param {string} name @param {string} type @param {string} text */
export function save(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** The picture that the plotting library made, without its own style sheet: `style.css` has its rules. @param {any} figure */
export function picture(figure) {
  figure.querySelectorAll("style").forEach((sheet) => sheet.remove());
  return figure;
}

/** "1 claim", "2 claims". @param {number} count @param {string} one @param {string} [many] */
export const plural = (count, one, many = `${one}s`) => `${count.toLocaleString("en-GB")} ${count === 1 ? one : many}`;
