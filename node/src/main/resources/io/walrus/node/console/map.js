// The segment map: who wrote what, now and at any event that the node remembers.
import {byId, clock, count, el, empty, fill} from './look.js';

const COLOURS = 8;
const colour = node => String((node - 1) % COLOURS);

const entries = number => number === 1 ? 'entry' : 'entries';

export class SegmentMap {
  constructor(onChoose) {
    this.onChoose = onChoose;
    this.topics = [];
    this.steps = [];
    this.isNow = true;
    this.focused = null;
    const when = byId('when');
    when.addEventListener('input', () => this.goTo(when.value));
    byId('rows').addEventListener('keydown', event => this.move(event));
    byId('rows').addEventListener('focusin', event => { this.stopAt(event.target); this.tell(event.target); });
    byId('rows').addEventListener('mouseover', event => this.tell(event.target));
    byId('rows').addEventListener('click', event => this.choose(event.target));
  }

  /** Shows the map as it was behind that many rotations. */
  goTo(step) {
    byId('when').value = step;
    this.isNow = Number(byId('when').value) === this.steps.length;
    this.draw();
  }

  show(picture, events) {
    this.topics = picture.topics;
    this.topicCount = picture.topicCount;
    this.nodes = picture.cluster.nodes;
    this.leader = picture.cluster.raft.leader;
    this.steps = events.filter(event => event.segments > 0);
    const when = byId('when');
    when.max = this.steps.length;
    when.disabled = this.steps.length === 0;
    if (this.isNow) when.value = this.steps.length;
    this.draw();
  }

  /** How many segments a topic had behind step number `at`. */
  sizeAt(topic, at) {
    if (this.isNow) return Infinity;
    const name = topic.name;
    for (let i = at - 1; i >= 0; i--) if (this.steps[i].topic === name) return this.steps[i].segments;
    const later = this.steps.slice(at).find(step => step.topic === name);
    return later ? later.segments - 1 : Infinity;
  }

  draw() {
    const at = Number(byId('when').value);
    byId('when-text').textContent = this.steps.length === 0 ? 'now (nothing has rotated yet)'
      : this.isNow ? 'now' : at === 0 ? 'before the first event' : `${clock(this.steps[at - 1].millis)}, event ${at} of ${this.steps.length}`;
    this.legend();
    if (this.topics.length === 0) {
      fill(byId('rows'), empty('No topic yet. Create one:', 'walrus topic create events'));
      return;
    }
    const active = document.activeElement?.dataset?.key;
    const rows = this.topics.map(topic => this.row(topic, at)).filter(row => row);
    if (this.topicCount > this.topics.length) {
      rows.push(empty(`${count(this.topicCount - this.topics.length)} more topics are in /api/v1/topics`));
    }
    // The one stop for Tab is set before the rows are compared with what stands there: a map that says the same stays as it is.
    const cells = rows.flatMap(row => [...row.querySelectorAll('button.cell')]);
    const stop = cells.find(cell => cell.dataset.key === (active ?? this.focused)) ?? cells[cells.length - 1];
    if (stop) stop.tabIndex = 0;
    fill(byId('rows'), ...rows);
    if (active && document.activeElement?.dataset?.key !== active) this.cells().find(cell => cell.dataset.key === active)?.focus();
  }

  row(topic, at) {
    const size = this.sizeAt(topic, at);
    const shown = topic.segments.filter(segment => segment.number <= size);
    if (shown.length === 0 && size !== Infinity) return null;
    const first = topic.segments[0].number;
    const cells = shown.map((segment, i) => this.cell(topic, segment, !this.isNow && i === shown.length - 1));
    if (first > 1) cells.unshift(el('span', {className: 'more'}, `${count(first - 1)} before`));
    const about = `${count(topic.segmentCount)} segment${topic.segmentCount === 1 ? '' : 's'}, ${count(topic.sealedEntries)} sealed ${entries(topic.sealedEntries)}`;
    return el('div', {className: 'row'}, el('div', {className: 'name'}, topic.name, el('small', {}, about)), el('div', {className: 'cells'}, ...cells));
  }

  cell(topic, segment, wasOpen) {
    const state = wasOpen ? 'open' : segment.state;
    const says = `${topic.name}, segment ${segment.number}: node ${segment.leader}, ${state}`
      + (segment.entries === undefined || wasOpen ? '' : `, ${count(segment.entries)} ${entries(segment.entries)}`) + `, epoch ${segment.epoch}`;
    return el('button', {type: 'button', className: 'cell', tabIndex: -1, 'data-state': state, 'data-leader': colour(segment.leader),
      'data-key': `${topic.name} ${segment.number}`, 'data-says': says, 'aria-label': says}, String(segment.leader));
  }

  legend() {
    fill(byId('legend'), ...this.nodes.map(node => el('li', {}, el('i', {className: 'cell', 'data-leader': colour(node.id)}), `node ${node.id}${node.live || !this.leader ? '' : node.draining ? ' (draining)' : ' (away)'}`)),
      el('li', {}, 'dashed: open'), el('li', {}, 'striped: count unknown'));
  }

  cells() { return [...byId('rows').querySelectorAll('button.cell')]; }

  tell(target) {
    if (target.dataset?.says) {
      byId('cell').textContent = target.dataset.says;
      this.focused = target.dataset.key;
    }
  }

  choose(target) {
    if (!target.dataset?.key) return;
    const [name, number] = target.dataset.key.split(' ');
    this.onChoose(name, Number(number));
  }

  move(event) {
    const cells = this.cells();
    const at = cells.indexOf(event.target);
    if (at < 0) return;
    const row = [...event.target.parentElement.querySelectorAll('button.cell')];
    const rows = [...byId('rows').querySelectorAll('.cells')];
    const rowAt = rows.indexOf(event.target.parentElement);
    const inRow = row.indexOf(event.target);
    const there = cells => cells?.querySelectorAll('button.cell');
    const vertical = to => { const next = there(rows[to]); return next ? next[Math.min(inRow, next.length - 1)] : undefined; };
    const next = {ArrowRight: row[inRow + 1], ArrowLeft: row[inRow - 1], Home: row[0], End: row[row.length - 1],
      ArrowDown: vertical(rowAt + 1), ArrowUp: vertical(rowAt - 1)}[event.key];
    if (next) {
      event.preventDefault();
      next.focus();
    }
  }

  /** The map is one stop for Tab: the cell that had the focus last. */
  stopAt(cell) {
    for (const other of this.cells()) other.tabIndex = other === cell ? 0 : -1;
  }
}
