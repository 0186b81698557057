// The parts that are tables and lists.
import {byId, bytes, clock, count, dayAndClock, el, empty, fill, micros, table} from './look.js';

const EVENTS_SHOWN = 100;

export function tiles(picture) {
  const beat = picture.beat ?? {};
  const node = picture.node;
  const shown = [
    [count(beat.entries), 'entries/s'],
    [`${bytes(beat.bytes)}/s`, 'payload'],
    [micros(beat.appendP99), 'append p99'],
    [micros(beat.syncP99), 'sync p99'],
    [node.leaseMillisLeft > 0 ? `${(node.leaseMillisLeft / 1000).toFixed(1)} s` : 'none', 'lease left'],
    [bytes(node.disk.freeBytes), 'disk free'],
    [count(node.connections), 'connections'],
  ];
  fill(byId('tiles'), ...shown.map(([number, what]) => el('li', {}, el('b', {}, number), el('span', {}, what))));
}

export function health(node) {
  byId('who').textContent = `node ${node.id} · clients at ${node.clientAddress} · ${node.version}`;
  document.title = `Walrus node ${node.id}${node.health.ready ? '' : ': not ready'}`;
  say(node.health.ready ? 'good' : 'bad', node.health.sentence);
}

export function say(state, sentence) {
  const box = byId('health');
  box.dataset.state = state;
  box.querySelector('.sign').textContent = {good: '✓', bad: '✕'}[state] ?? '…';
  if (byId('sentence').textContent !== sentence) byId('sentence').textContent = sentence;
}

export function cursors(list) {
  const sorted = [...list].sort((a, b) => b.lag - a.lag || a.topic.localeCompare(b.topic) || a.cursor.localeCompare(b.cursor));
  fill(byId('cursors'), sorted.length === 0
    ? empty('This node leads no topic, so no cursor is told here. Its leader\'s console shows them.')
    : table(['topic', 'cursor', 'next place', 'lag'], sorted.map(one => [one.topic, one.cursor, `${one.segment}:${one.offset}`, count(one.lag)]), [3]));
}

export function cluster(cluster) {
  fill(byId('nodes'), cluster.nodes.length === 0
    ? empty('This node is not a member of a cluster yet.')
    : table(['node', 'state', 'clients', 'leads', 'Raft index'], cluster.nodes.map(node => [
      String(node.id) + (node.id === cluster.raft.leader ? ' ★' : ''), cluster.raft.leader === 0 ? 'not known' : node.live ? 'live' : node.draining ? 'draining' : 'away', node.clientAddress, count(node.segmentsLed), count(node.replicatedIndex)]), [3, 4]));
  const raft = cluster.raft;
  fill(byId('raft'), ...[
    ['metadata leader ★', raft.leader ? `node ${raft.leader}` : 'none is known'],
    ['term', count(raft.term)],
    ['log, applied', `${count(raft.lastIndex)}, ${count(raft.appliedIndex)}`],
    ['this node', raft.role],
  ].flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]));
}

export function disk(node) {
  const used = node.disk.totalBytes - node.disk.freeBytes;
  fill(byId('disk'),
    el('p', {className: 'note'}, `${bytes(node.disk.freeBytes)} of ${bytes(node.disk.totalBytes)} are free; the log has ${bytes(node.log.bytesOnDisk)} in ${count(node.log.streams)} streams.`),
    el('progress', {max: node.disk.totalBytes, value: used, 'aria-label': 'used part of the disk'}),
    el('dl', {}, el('dt', {}, 'data'), el('dd', {}, node.dataDir), el('dt', {}, 'fsync'), el('dd', {}, node.fsync),
      el('dt', {}, 'syncs'), el('dd', {}, `${count(node.log.syncs)}${node.log.failed ? ', one FAILED: restart this node' : ''}`),
      el('dt', {}, 'last start'), el('dd', {}, `${dayAndClock(node.startedMillis)}; ${node.recovery.summary}`)));
}

export function events(list) {
  fill(byId('events'), list.length === 0 ? empty('Nothing has happened yet.')
    : table(['time', 'event', 'topic', 'what'], list.slice(-EVENTS_SHOWN).reverse().map(event => [clock(event.millis), event.kind, event.topic, event.what])));
}
