// Entries by their place. Bytes are decoded here and shown as text, whatever they pretend to be.
import {byId, bytes, count, el, empty, focusKeeper, table} from './look.js';

const HEX_BYTES_A_LINE = 16;

function decode(base64) {
  return Uint8Array.from(atob(base64.replace(/-/g, '+').replace(/_/g, '/')), sign => sign.charCodeAt(0));
}

const asText = data => new TextDecoder().decode(data).replace(/[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');

function asJson(data) {
  try { return JSON.stringify(JSON.parse(new TextDecoder('utf-8', {fatal: true}).decode(data)), null, 2); } catch { return `no JSON: ${asText(data)}`; }
}

function asHex(data) {
  const lines = [];
  for (let at = 0; at < data.length; at += HEX_BYTES_A_LINE) {
    const line = [...data.slice(at, at + HEX_BYTES_A_LINE)];
    lines.push(at.toString(16).padStart(6, '0') + '  ' + line.map(byte => byte.toString(16).padStart(2, '0')).join(' ').padEnd(HEX_BYTES_A_LINE * 3)
      + ' ' + line.map(byte => byte > 31 && byte < 127 ? String.fromCharCode(byte) : '.').join(''));
  }
  return lines.join('\n');
}

const FORMS = {text: asText, json: asJson, hex: asHex};

export class Browser {
  constructor() {
    this.next = null;
    this.page = null;
    this.isOpen = false;
    this.known = null;
    this.giveFocusBack = null;
    byId('browse-form').addEventListener('submit', event => { event.preventDefault(); this.read(); });
    byId('browse-next').addEventListener('click', () => this.readNext());
    byId('browse-form-of').addEventListener('change', () => this.draw());
    byId('browse-close').addEventListener('click', () => this.close());
    document.addEventListener('keydown', event => {
      if (event.key === 'Escape' && this.isOpen && !document.querySelector('dialog[open]')) this.close();
    });
  }

  topics(list) {
    const select = byId('browse-topic');
    const names = list.map(topic => topic.name);
    if (this.known && names.join('\n') === this.known.join('\n')) return;
    this.known = names;
    const chosen = select.value;
    select.replaceChildren(...names.map(name => el('option', {value: name}, name)));
    if (names.includes(chosen)) select.value = chosen;
    if (names.length === 0) byId('browse-result').replaceChildren(empty('No topic yet. Create one and put something into it:', "walrus topic create events; walrus put events 'hello'"));
    else if (!this.isOpen) this.invite();
  }

  invite() {
    byId('browse-result').replaceChildren(empty('Choose a place and read, or choose a cell of the map. No cursor moves.'));
  }

  /** Opens for somebody who comes from elsewhere on the page, and goes back there when it is closed. */
  async enter(topic, segment) {
    this.giveFocusBack = focusKeeper();
    await this.open(topic, segment);
    byId('browse-result').focus({preventScroll: true});
  }

  close() {
    const focused = document.activeElement;
    const isWithin = byId('browse-result').contains(focused) || focused === byId('browse-close') || focused === byId('browse-next');
    this.page = null;
    this.isOpen = false;
    this.invite();
    if (isWithin) (this.giveFocusBack ?? (() => byId('browse-read').focus()))();
    this.giveFocusBack = null;
    this.draw();
  }

  open(topic, segment, offset = 0) {
    byId('browse-topic').value = topic;
    byId('browse-segment').value = segment;
    byId('browse-offset').value = offset;
    const read = this.read();
    byId('browse').scrollIntoView({block: 'nearest'});
    return read;
  }

  readNext() {
    byId('browse-segment').value = this.next.segment;
    byId('browse-offset').value = this.next.offset;
    this.read();
  }

  async read() {
    const topic = byId('browse-topic').value;
    if (!topic) return;
    this.isOpen = true;
    const query = new URLSearchParams({segment: byId('browse-segment').value || 1, offset: byId('browse-offset').value || 0});
    try {
      const response = await fetch(`/api/v1/topics/${encodeURIComponent(topic)}/entries?${query}`);
      const answer = await response.json();
      this.page = response.ok ? answer : null;
      if (!response.ok) byId('browse-result').replaceChildren(empty(answer.error));
    } catch {
      this.page = null;
      byId('browse-result').replaceChildren(empty('The node did not answer.'));
    }
    this.draw();
  }

  draw() {
    const page = this.page;
    byId('browse-next').disabled = !page;
    byId('browse-close').disabled = !this.isOpen;
    if (!page) return;
    this.next = page.next;
    if (page.entries.length === 0) {
      byId('browse-result').replaceChildren(empty(page.next.segment > Number(byId('browse-segment').value)
        ? `This segment has no more; "Next" goes on in segment ${page.next.segment}.` : 'Nothing is there yet.'));
      return;
    }
    const form = FORMS[byId('browse-form-of').value];
    byId('browse-result').replaceChildren(table(['place', 'size', 'payload'], page.entries.map(entry => [
      `${page.segment}:${count(entry.offset)}`, bytes(entry.length),
      el('pre', {}, entry.length === 0 ? '(empty)' : form(decode(entry.base64)) + (entry.cut ? ' …' : ''))]), [1]));
    // A stop for Tab only where there is something to scroll, else a hundred of them stand before what follows.
    for (const pre of byId('browse-result').querySelectorAll('pre')) {
      if (pre.scrollWidth > pre.clientWidth || pre.scrollHeight > pre.clientHeight) pre.tabIndex = 0;
    }
  }
}
