// Text and numbers for people. Everything that comes from the server becomes text, never markup.

export function el(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith('data-') || key.startsWith('aria-') || key === 'role') {
      element.setAttribute(key, value);
    } else {
      element[key] = value;
    }
  }
  element.append(...children.map(child => child instanceof Node ? child : document.createTextNode(String(child))));
  return element;
}

export const byId = id => document.getElementById(id);

const whole = new Intl.NumberFormat('en', {maximumFractionDigits: 0});
export const count = number => number === undefined || number === null ? '–' : whole.format(number);

export function bytes(number) {
  if (number === undefined || number === null) return '–';
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  while (number >= 1024 && unit < units.length - 1) { number /= 1024; unit++; }
  return `${number >= 100 || unit === 0 ? whole.format(number) : number.toFixed(1)} ${units[unit]}`;
}

/** Microseconds; 0 means that nothing came. */
export function micros(number) {
  if (!number) return '–';
  return number < 1000 ? `${number} µs` : number < 1e6 ? `${(number / 1000).toFixed(1)} ms` : `${(number / 1e6).toFixed(2)} s`;
}

export const clock = millis => new Date(millis).toLocaleTimeString('en-GB');
export const dayAndClock = millis => `${new Date(millis).toLocaleDateString('en-CA')} ${clock(millis)}`;

/** Replaces what is inside, but only if it says something else: focus and selection stay. */
export function fill(parent, ...children) {
  const next = el('div', {}, ...children);
  if (parent.innerHTML !== next.innerHTML) parent.replaceChildren(...next.childNodes);
}

/** Remembers who has the focus; the answer gives it back, also to a cell of the map that was drawn anew since. */
export function focusKeeper() {
  const was = document.activeElement;
  const key = was?.dataset?.key;
  return () => (was?.isConnected ? was : key && document.querySelector(`[data-key="${CSS.escape(key)}"]`) || null)?.focus();
}

/** A table; numbers in columns that are named in {@code right}. */
export function table(heads, rows, right = []) {
  const cls = i => right.includes(i) ? 'num' : 'wide';
  return el('div', {className: 'scroll'}, el('table', {},
    el('thead', {}, el('tr', {}, ...heads.map((head, i) => el('th', {className: cls(i), scope: 'col'}, head)))),
    el('tbody', {}, ...rows.map(row => el('tr', {}, ...row.map((cell, i) => el('td', {className: cls(i)}, cell)))))));
}

/** What a part says while it has nothing to show: why, and what to do. */
export function empty(text, command) {
  return command ? el('p', {className: 'note'}, text, ' ', el('code', {}, command)) : el('p', {className: 'note'}, text);
}
