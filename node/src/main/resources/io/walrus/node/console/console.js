// Puts the parts together: the history once, then a picture of the node each second.
import {Browser} from './browse.js';
import {Charts} from './charts.js';
import {listenForHelp} from './help.js';
import {SegmentMap} from './map.js';
import * as tables from './tables.js';

const EVENTS_KEPT = 1000;

const browser = new Browser();
const map = new SegmentMap((topic, segment) => browser.enter(topic, segment));
const charts = new Charts();
let events = [];
let life = null;

function show(picture) {
  if (life !== null && life !== picture.node.startedMillis) events = [];
  life = picture.node.startedMillis;
  const newest = events.length > 0 ? events[events.length - 1].number : 0;
  events = [...events, ...picture.events.filter(event => event.number > newest)].slice(-EVENTS_KEPT);
  tables.health(picture.node);
  tables.tiles(picture);
  map.show(picture, events);
  if (picture.beat) charts.add([picture.beat]);
  tables.cursors(picture.cursors);
  tables.cluster(picture.cluster);
  tables.disk(picture.node);
  tables.events(events);
  browser.topics(picture.topics);
  document.body.dataset.pictures = Number(document.body.dataset.pictures ?? 0) + 1;
}

async function ask(what) {
  const response = await fetch(`/api/v1/${what}`);
  return response.json();
}

/**
 * With "?still" the page shows one picture and stays as it is, for a print or a photograph; "?topic=…&segment=…&offset=…"
 * opens it at an entry, and "?event=…" shows the map as it was behind that many rotations.
 */
async function start() {
  const asked = new URLSearchParams(location.search);
  try {
    charts.add(await ask('history'));
    show(await ask('picture'));
    if (asked.has('event')) map.goTo(Number(asked.get('event')));
    if (asked.has('topic')) browser.open(asked.get('topic'), asked.get('segment') ?? 1, asked.get('offset') ?? 0);
  } catch {
    tables.say('bad', 'The node does not answer; this page tries again by itself.');
  }
  if (!asked.has('still')) follow();
}

function follow() {
  const feed = new EventSource('/api/v1/live');
  feed.addEventListener('message', message => show(JSON.parse(message.data)));
  feed.addEventListener('error', () => tables.say('bad', 'The node does not answer; this page tries again by itself and shows what it saw last.'));
}

listenForHelp();
start();
