// Throughput and latency over the last five minutes, one reading a second.
import {byId} from './look.js';

const SECONDS = 300;
const style = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** A reading between two seconds without one has no line to belong to: it gets a point. */
const alone = (plot, series) => {
  const values = plot.data[series];
  return values.flatMap((value, i) => value != null && values[i - 1] == null && values[i + 1] == null ? [i] : []);
};

class Chart {
  constructor(id, series, unit, marks) {
    this.parent = byId(id);
    this.series = series;
    this.unit = unit;
    this.marks = marks;
    this.data = [[], ...series.map(() => [])];
    this.build();
    new ResizeObserver(() => this.plot.setSize(this.size())).observe(this.parent);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { this.plot.destroy(); this.build(); });
  }

  size() { return {width: Math.max(200, this.parent.clientWidth), height: 190}; }

  build() {
    const axis = {stroke: style('--quiet'), grid: {stroke: style('--line'), width: 1}, ticks: {stroke: style('--line'), width: 1}};
    this.plot = new uPlot({
      ...this.size(),
      cursor: {drag: {x: false, y: false}},
      scales: {y: {range: (plot, low, high) => [0, Math.max(1, high * 1.15)]}},
      axes: [{...axis, values: (plot, ticks) => ticks.map(tick => new Date(tick * 1000).toLocaleTimeString('en-GB'))  , space: 90},
        {...axis, size: 62, values: (plot, ticks, at, space, step) => this.marks(ticks, step)}],
      series: [{label: 'time', value: (plot, at) => at ? new Date(at * 1000).toLocaleTimeString('en-GB') : '–'},
        ...this.series.map(one => ({label: one.label, stroke: style(one.colour), width: 2, dash: one.dash, points: {show: true, size: 5, fill: style(one.colour), filter: alone},
          value: (plot, value) => value === null || value === undefined ? '–' : this.unit(value)}))],
    }, this.data, this.parent);
  }

  add(beat) {
    const seconds = beat.millis / 1000;
    const times = this.data[0];
    if (times.length > 0 && seconds <= times[times.length - 1]) return;
    times.push(seconds);
    this.series.forEach((one, i) => this.data[i + 1].push(one.of(beat)));
    if (times.length > SECONDS) this.data.forEach(column => column.shift());
  }

  draw() { this.plot.setData(this.data); }
}

const short = new Intl.NumberFormat('en', {notation: 'compact', maximumFractionDigits: 1});
const millis = number => number >= 100 ? number.toFixed(0) : number >= 1 ? number.toFixed(1) : number.toFixed(2);
/** Along an axis all numbers have one unit, and as many decimals as its step needs. */
const decimals = step => [0, 1, 2, 3].find(some => Number.isInteger(+(step * 10 ** some).toFixed(6))) ?? 4;
export const evenMillis = (ticks, step) => ticks.map(tick => tick.toFixed(decimals(step)));
export const evenShort = (ticks, step) => {
  const [size, letter] = [[1e9, 'B'], [1e6, 'M'], [1e3, 'K']].find(([size]) => ticks[ticks.length - 1] >= size) ?? [1, ''];
  return ticks.map(tick => (tick / size).toFixed(decimals(step / size)) + letter);
};
const ofMicros = key => beat => beat[key] ? beat[key] / 1000 : null;

export class Charts {
  constructor() {
    this.all = [
      new Chart('chart-put', [{label: 'entries/s', colour: '--first', of: beat => beat.entries}], number => short.format(number), evenShort),
      new Chart('chart-latency', [
        {label: 'append p99', colour: '--second', of: ofMicros('appendP99')},
        {label: 'append p50', colour: '--first', of: ofMicros('appendP50')},
        {label: 'sync p99', colour: '--third', dash: [6, 4], of: ofMicros('syncP99')},
      ], millis, evenMillis),
    ];
  }

  add(beats) {
    this.all.forEach(chart => { beats.forEach(beat => chart.add(beat)); chart.draw(); });
  }
}
