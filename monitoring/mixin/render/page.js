// Draws DASHBOARD: Grafana's grid, its dark colours, uPlot for what has axes.
const ROW = 38;
const CLASSIC = ['#73BF69', '#F2CC0C', '#5794F2', '#FF9830', '#F2495C', '#B877D9', '#8AB8FF', '#FFEE52', '#C8F2C2', '#FFCB7D', '#DEB6F2', '#FFA6B0'];
const NAMED = { green: '#73BF69', yellow: '#FADE2A', orange: '#FF9830', red: '#F2495C', blue: '#5794F2', purple: '#B877D9', text: '#ccccdc', transparent: 'rgba(0,0,0,0)' };
const SCHEMES = {
  Oranges: ['#2b1d12', '#7f2704', '#d94801', '#f16913', '#fdae6b', '#fff5eb'],
  Greens: ['#12251a', '#00441b', '#238b45', '#74c476', '#c7e9c0', '#f7fcf5'],
  Blues: ['#101d2e', '#08306b', '#2171b5', '#6baed6', '#c6dbef', '#f7fbff'],
  Purples: ['#1d1a2e', '#3f007d', '#6a51a3', '#9e9ac8', '#dadaeb', '#fcfbfd'],
};
const pick = (name) => NAMED[name] ?? name;
const main = document.body.appendChild(document.createElement('main'));

function element(parent, tag, className, text) {
  const made = parent.appendChild(document.createElement(tag));
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

// --- numbers -------------------------------------------------------------------------------------------------------

function scaled(value, names, base) {
  let i = 0;
  let left = Math.abs(value);
  while (left >= base && i < names.length - 1) {
    left /= base;
    i++;
  }
  return [Math.sign(value) * left, names[i]];
}

const digits = (value, decimals) => {
  if (decimals !== undefined) return value.toFixed(decimals);
  const size = Math.abs(value);
  const places = size === 0 || Number.isInteger(value) ? 0 : size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.01 ? 3 : 4;
  return String(Number(value.toFixed(places)));
};

function seconds(value, decimals) {
  const size = Math.abs(value);
  const [divisor, name] = size === 0 ? [1, 's'] : size < 1e-3 ? [1e-6, 'µs'] : size < 1 ? [1e-3, 'ms'] : size < 60 ? [1, 's'] : size < 3600 ? [60, 'min'] : size < 86400 ? [3600, 'hours'] : [86400, 'days'];
  return `${digits(value / divisor, decimals ?? 1).replace(/\.0$/, '')} ${name}`;
}

function format(value, unit, decimals) {
  if (value === null || value === undefined || Number.isNaN(value)) return '-';
  if (unit.startsWith('suffix:')) return digits(value, decimals) + unit.slice(7);
  switch (unit) {
    case 'percentunit':
      return `${digits(value * 100, decimals ?? (Math.abs(value) < 1 && (value * 100) % 1 ? 1 : 0))}%`;
    case 's':
      return seconds(value, decimals);
    case 'h':
      return seconds(value * 3600, decimals);
    case 'watt':
      return value === 0 ? '0 W' : Math.abs(value) < 1e-3 ? `${digits(value * 1e6)} µW` : Math.abs(value) < 1 ? `${digits(value * 1e3)} mW` : `${digits(value)} W`;
    case 'bytes':
    case 'Bps': {
      const [number, name] = scaled(value, ['B', 'KiB', 'MiB', 'GiB', 'TiB'], 1024);
      return `${digits(number)} ${name}${unit === 'Bps' ? '/s' : ''}`;
    }
    case 'ops':
      return `${digits(...[scaled(value, ['', 'K', 'Mil'], 1000)[0], decimals])}${scaled(value, ['', 'K', ' Mil'], 1000)[1]} ops/s`;
    case 'short': {
      const [number, name] = scaled(value, ['', ' K', ' Mil', ' Bil'], 1000);
      return digits(number, name ? undefined : decimals) + name;
    }
    default:
      return digits(value, decimals);
  }
}

const step = (thresholds, value) => pick([...thresholds.steps].reverse().find((one) => one.value === null || value >= one.value)?.color ?? 'green');
const last = (values) => values.findLast((value) => value !== null) ?? null;

// --- panels --------------------------------------------------------------------------------------------------------

const overridden = (panel, name) =>
  Object.fromEntries(panel.fieldConfig.overrides.filter(({ matcher }) => matcher.options === name).flatMap(({ properties }) => properties.map(({ id, value }) => [id, value])));

const alpha = (color, share) => {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(color.slice(i, i + 2), 16));
  return `rgba(${r},${g},${b},${share})`;
};

const axis = (more) => ({ stroke: '#9a9aa8', grid: { stroke: 'rgba(204,204,220,.07)', width: 1 }, ticks: { show: false }, font: '11px Inter, DejaVu Sans, Arial', ...more });
const clock = { size: 24, space: 76, values: (u, splits) => splits.map((at) => new Date(at * 1000).toISOString().slice(11, DASHBOARD.to - DASHBOARD.from < 1200 ? 19 : 16)) };

function wide(values) {
  return Math.max(30, 14 + 6.6 * Math.max(...values.map((text) => String(text).length)));
}

/** Steps that are round in their unit. */
const INCREMENTS = {
  s: [-6, -5, -4, -3, -2, -1].flatMap((e) => [1, 2, 5].map((n) => n * 10 ** e)).concat(1, 2, 5, 10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 21600, 43200, 86400, 172800, 864000),
  bytes: Array.from({ length: 40 }, (none, i) => 2 ** i),
  Bps: Array.from({ length: 40 }, (none, i) => 2 ** i),
};

/** As many decimals as neighbours on the axis need to differ. */
function places(splits, unit) {
  const shown = splits.filter((value) => value !== null);
  const apart = (shown[1] - shown[0]) * (unit === 'percentunit' ? 100 : 1);
  return unit === 'percentunit' && apart < 1 ? Math.ceil(-Math.log10(apart)) : undefined;
}

const yAxis = (unit, label) =>
  axis({
    values: (u, splits) => splits.map((value) => (value === null ? '' : format(value, unit, places(splits, unit)))),
    size: (u, values) => (values ? wide(values) : 40),
    ...(INCREMENTS[unit] ? { incrs: INCREMENTS[unit] } : {}),
    ...(label ? { label, labelSize: 16, labelFont: '11px Inter, DejaVu Sans, Arial' } : {}),
  });

const marks = {
  hooks: {
    draw: [
      (u) => {
        const { ctx } = u;
        ctx.save();
        for (const { time } of DASHBOARD.annotations) {
          const x = u.valToPos(time, 'x', true);
          ctx.strokeStyle = NAMED.purple;
          ctx.fillStyle = NAMED.purple;
          ctx.setLineDash([4, 4]);
          ctx.beginPath();
          ctx.moveTo(x, u.bbox.top);
          ctx.lineTo(x, u.bbox.top + u.bbox.height);
          ctx.stroke();
          ctx.beginPath();
          ctx.moveTo(x - 4, u.bbox.top + u.bbox.height + 5);
          ctx.lineTo(x + 4, u.bbox.top + u.bbox.height + 5);
          ctx.lineTo(x, u.bbox.top + u.bbox.height - 1);
          ctx.fill();
        }
        ctx.restore();
      },
    ],
  },
};

const limits = (thresholds) => ({
  hooks: {
    draw: [
      (u) => {
        for (const { value, color } of thresholds.steps.filter((one) => one.value !== null)) {
          const above = thresholds.steps[thresholds.steps.findIndex((one) => one.value === value) - 1];
          const y = u.valToPos(value, 'y', true);
          if (y < u.bbox.top || y > u.bbox.top + u.bbox.height) continue;
          u.ctx.save();
          u.ctx.strokeStyle = pick(color === 'transparent' ? above.color : color);
          u.ctx.globalAlpha = 0.8;
          u.ctx.beginPath();
          u.ctx.moveTo(u.bbox.left, y);
          u.ctx.lineTo(u.bbox.left + u.bbox.width, y);
          u.ctx.stroke();
          u.ctx.restore();
        }
      },
    ],
  },
});

function legend(body, entries) {
  const made = element(body, 'div', 'legend');
  for (const { name, color } of entries) {
    const entry = element(made, 'span');
    element(entry, 'i').style.background = color;
    entry.append(name);
  }
  return Math.min(34, made.offsetHeight + 2);
}

function colorOf(panel, series) {
  const palette = series.map((one) => overridden(panel, one.name).color?.fixedColor);
  let next = 0;
  return palette.map((fixed) => (fixed ? pick(fixed) : CLASSIC[next++ % CLASSIC.length]));
}

function timeseries(panel, body) {
  const { defaults } = panel.fieldConfig;
  const { custom } = defaults;
  const { times, series } = panel.data;
  if (!series.some(({ values }) => values.some((value) => value !== null))) return none(body);
  const colors = colorOf(panel, series);
  const stacked = custom.stacking.mode === 'normal';
  let values = series.map((one) => one.values);
  if (stacked) {
    const sum = times.map(() => 0);
    const gap = times.map((at, i) => series.every((one) => one.values[i] === null));
    values = values.map((one) => one.map((value, i) => (gap[i] ? null : (sum[i] += value ?? 0))));
  }
  const place = document.createElement('div');
  body.append(place);
  const used = legend(body, series.map((one, i) => ({ name: one.name, color: colors[i] })).filter((one) => !['low', 'high'].includes(one.name)));
  const bands = [];
  series.forEach((one, i) => {
    const below = overridden(panel, one.name)['custom.fillBelowTo'];
    const low = series.findIndex(({ name }) => name === below);
    if (low >= 0) bands.push({ series: [i + 1, low + 1], fill: alpha(colors[i], 0.22) });
    if (stacked && i) bands.push({ series: [i + 1, i], fill: alpha(colors[i], 0.4) });
  });
  const log = custom.scaleDistribution.type === 'log';
  const plot = new uPlot(
    {
      width: body.clientWidth,
      height: body.clientHeight - used,
      padding: [6, 26, 0, 0],
      cursor: { show: false },
      legend: { show: false },
      scales: {
        x: { time: true, min: DASHBOARD.from, max: DASHBOARD.to },
        y: {
          distr: log ? 3 : 1,
          log: custom.scaleDistribution.log ?? 10,
          range: (u, low, high) => yRange(low, high, defaults, log, values),
        },
      },
      axes: [axis(clock), yAxis(defaults.unit, custom.axisLabel)],
      bands,
      series: [
        {},
        ...series.map((one, i) => {
          const own = overridden(panel, one.name);
          const dash = own['custom.lineStyle']?.dash;
          return {
            stroke: colors[i],
            width: own['custom.lineWidth'] ?? custom.lineWidth,
            dash,
            fill: stacked && i === 0 ? alpha(colors[i], 0.4) : undefined,
            points: { show: false },
            spanGaps: false,
            paths: custom.lineInterpolation === 'stepAfter' ? uPlot.paths.stepped({ align: 1 }) : undefined,
          };
        }),
      ],
      plugins: [marks, ...(custom.thresholdsStyle.mode === 'line' ? [limits(defaults.thresholds)] : [])],
    },
    [times, ...values],
    place,
  );
  return plot;
}

function yRange(low, high, defaults, log, values) {
  if (low === null || high === null) return log ? [0.5, 2] : [0, 1];
  if (log) {
    const seen = values.flat().filter((value) => value > 0);
    return [defaults.min ?? 2 ** Math.floor(Math.log2(Math.min(...seen, 0.5))), defaults.max ?? 2 ** Math.ceil(Math.log2(Math.max(...seen, 2)))];
  }
  const pad = (high - low || Math.abs(high) || 1) * 0.1;
  return [defaults.min ?? (low >= 0 && low < high / 2 ? 0 : low - pad), defaults.max ?? (high + pad || 1)];
}

function heatmap(panel, body) {
  const { times, series } = panel.data;
  const filled = series.filter(({ values }) => values.some((value) => value > 0));
  if (!filled.length) return none(body);
  const shown = series.slice(series.indexOf(filled[0]), series.indexOf(filled.at(-1)) + 1);
  const { color, yAxis: y, cellValues } = panel.options;
  const all = shown.flatMap(({ values }) => values.filter((value) => value > 0)).sort((a, b) => a - b);
  const most = color.max ?? all[Math.floor(all.length * 0.995)] ?? 1;
  const ramp = SCHEMES[color.scheme];
  const tint = (value) => {
    const share = Math.min(1, value / most) ** (color.scale === 'exponential' ? color.exponent : 1) * (ramp.length - 1);
    const i = Math.min(ramp.length - 2, Math.floor(share));
    const channel = (at, k) => parseInt(ramp[at].slice(k, k + 2), 16);
    return `rgb(${[1, 3, 5].map((k) => Math.round(channel(i, k) + (channel(i + 1, k) - channel(i, k)) * (share - i))).join(',')})`;
  };
  const names = shown.map((one) => (one.bound === undefined ? one.name : one.bound === Infinity ? '+Inf' : format(one.bound, y.unit === 'none' ? 'none' : y.unit)));
  const place = element(body, 'div');
  // A cell is at least six pixels wide, as Grafana asks for fewer points.
  const cells = Math.min(times.length, Math.floor(body.clientWidth / 6));
  const each = Math.ceil(times.length / cells);
  const every = Math.ceil(shown.length / Math.max(1, Math.floor((body.clientHeight - 50) / 15)));
  const cell = (u) => {
    const { ctx, bbox } = u;
    const h = bbox.height / shown.length;
    ctx.save();
    shown.forEach(({ values }, row) => {
      for (let t = 0; t < times.length; t += each) {
        const group = values.slice(t, t + each).filter((value) => value !== null);
        if (!group.length) continue;
        const mean = group.reduce((a, b) => a + b, 0) / group.length;
        if (panel.targets[0].format === 'heatmap' && mean <= 1e-9) continue;
        const x = u.valToPos(times[t], 'x', true);
        const right = u.valToPos(times[t] + each * (times[1] - times[0]), 'x', true);
        ctx.fillStyle = tint(mean);
        ctx.fillRect(x, bbox.top + bbox.height - (row + 1) * h, Math.max(1, right - x - 1), Math.max(1, h - 1));
      }
    });
    ctx.restore();
  };
  new uPlot(
    {
      width: body.clientWidth,
      height: body.clientHeight - 22,
      padding: [4, 26, 0, 0],
      cursor: { show: false },
      legend: { show: false },
      scales: { x: { time: true, min: DASHBOARD.from, max: DASHBOARD.to }, y: { range: [0, shown.length] } },
      axes: [
        axis(clock),
        axis({
          splits: () => shown.map((one, i) => i + 0.5).filter((at, i) => i % every === 0),
          values: (u, splits) => splits.map((at) => names[Math.floor(at)]),
          size: wide(names),
          grid: { show: false },
        }),
      ],
      series: [{}, { stroke: 'transparent' }],
      plugins: [{ hooks: { draw: [cell] } }, marks],
    },
    [times, times.map(() => 0)],
    place,
  );
  const scale = element(body, 'div');
  scale.style.cssText = 'display:flex;align-items:center;gap:6px;font-size:11px;height:18px';
  scale.append(format(0, cellValues.unit));
  element(scale, 'div').style.cssText = `width:180px;height:8px;background:linear-gradient(90deg,${Array.from({ length: 12 }, (none, i) => tint((most * i) / 11)).join(',')})`;
  scale.append(`${format(most, cellValues.unit)}  ${panel.options.rowsFrame.value}`);
}

function xychart(panel, body) {
  const groups = Map.groupBy(panel.data.rows, (row) => Object.values(row)[0]);
  const [x, y] = Object.keys(panel.data.rows[0] ?? {}).slice(2);
  if (!x) return none(body);
  const series = [...groups].map(([name, rows]) => ({
    name,
    points: rows.filter((row) => row[x] !== null && row[y] !== null).sort((a, b) => a[x] - b[x] || b[y] - a[y]),
  })).sort((a, b) => a.name.localeCompare(b.name));
  const xs = [...new Set(series.flatMap(({ points }) => points.map((point) => point[x])))].sort((a, b) => a - b);
  const place = element(body, 'div');
  const used = legend(body, series.map(({ name }, i) => ({ name, color: CLASSIC[i] })));
  new uPlot(
    {
      width: body.clientWidth,
      height: body.clientHeight - used,
      padding: [8, 14, 0, 0],
      cursor: { show: false },
      legend: { show: false },
      scales: { x: { time: false, range: (u, low, high) => [0, high * 1.05] }, y: { range: (u, low, high) => [0, Math.max(high * 1.08, 0.01)] } },
      axes: [
        axis({ size: 24, label: x, labelSize: 18, labelFont: '11px Inter, DejaVu Sans, Arial', values: (u, splits) => splits.map((value) => format(value, overridden(panel, x).unit)) }),
        yAxis(overridden(panel, y).unit, y),
      ],
      series: [{}, ...series.map((one, i) => ({ stroke: CLASSIC[i], width: 1, spanGaps: true, points: { show: true, size: 6, fill: CLASSIC[i] } }))],
    },
    [xs, ...series.map(({ points }) => xs.map((at) => points.find((point) => point[x] === at)?.[y] ?? null))],
    place,
  );
}

function stat(panel, body) {
  const { defaults } = panel.fieldConfig;
  const series = panel.data.series.filter(({ values }) => panel.options.textMode !== 'name' || values.at(-1) !== null);
  const place = element(body, 'div', 'stat');
  if (!series.length) return void (place.textContent = defaults.noValue);
  const value = last(series[0].values);
  const own = overridden(panel, series[0].name).color;
  const color = own ? pick(own.fixedColor) : step(defaults.thresholds, value);
  const text = panel.options.textMode === 'name' ? series.map(({ name }) => name).join(', ') : format(value, defaults.unit, defaults.decimals);
  const shown = element(place, 'b', '', text);
  shown.style.color = color;
  shown.style.fontSize = `${Math.min(44, (1.55 * body.clientWidth) / Math.max(4, text.length), body.clientHeight * 0.6)}px`;
  if (panel.options.graphMode === 'area') spark(place, series[0].values, color, body);
}

function spark(place, values, color, body) {
  const canvas = element(place, 'canvas');
  canvas.width = body.clientWidth + 16;
  canvas.height = Math.round(body.clientHeight * 0.5);
  const ctx = canvas.getContext('2d');
  const seen = values.filter((value) => value !== null);
  const low = Math.min(...seen);
  const spread = Math.max(...seen) - low || 1;
  ctx.beginPath();
  ctx.moveTo(0, canvas.height);
  values.forEach((value, i) => value !== null && ctx.lineTo((i / (values.length - 1)) * canvas.width, canvas.height - 4 - ((value - low) / spread) * (canvas.height - 8)));
  ctx.lineTo(canvas.width, canvas.height);
  ctx.fillStyle = alpha(color, 0.35);
  ctx.fill();
}

function bargauge(panel, body) {
  const { defaults } = panel.fieldConfig;
  const series = panel.data.series.map((one) => ({ ...one, value: last(one.values) })).filter(({ value }) => value !== null);
  if (!series.length) return none(body);
  const most = defaults.max ?? Math.max(...series.map(({ value }) => value), 1e-9);
  series.forEach(({ name, value }, i) => {
    const color = defaults.color.mode === 'thresholds' ? step(defaults.thresholds, value) : CLASSIC[i % CLASSIC.length];
    const bar = element(body, 'div', 'bar');
    element(bar, 'div', 'name', name);
    const fill = element(element(bar, 'div', 'track'), 'div', 'fill');
    fill.style.cssText = `width:${(100 * value) / most}%;background:linear-gradient(90deg,${alpha(color, 0.25)},${alpha(color, 0.75)});border-color:${color}`;
    element(bar, 'div', 'value', format(value, defaults.unit)).style.color = color;
  });
}

function table(panel, body) {
  const { rows } = panel.data;
  if (!rows.length) return none(body);
  const made = element(body, 'table');
  const names = Object.keys(rows[0]);
  const numeric = (name) => rows.some((row) => typeof row[name] === 'number');
  const head = element(made, 'tr');
  names.forEach((name) => element(head, 'th', numeric(name) ? 'number' : '', name));
  for (const row of rows.slice(0, Math.floor((body.clientHeight - 26) / 25))) {
    const line = element(made, 'tr');
    for (const name of names) {
      const own = overridden(panel, name);
      const value = row[name];
      const text = typeof value === 'number' ? format(value, own.unit ?? 'none', own.decimals ?? (own.unit === 's' || own.unit === 'h' ? 1 : panel.fieldConfig.defaults.decimals)) : (value ?? '');
      const cell = element(line, 'td', `${numeric(name) ? 'number' : ''} ${own.links ? 'link' : ''}`, text);
      if (own.thresholds && typeof value === 'number') cell.style.background = alpha(step(own.thresholds, value), 0.45);
    }
  }
}

const none = (body) => void element(body, 'div', 'none', 'No data');

// --- the page ------------------------------------------------------------------------------------------------------

const header = document.createElement('header');
document.body.prepend(header);
element(header, 'h1', '', DASHBOARD.title);
for (const { label, text } of DASHBOARD.variables.shown) {
  const made = element(header, 'div', 'variable');
  element(made, 'b', '', label);
  element(made, 'span', '', [text].flat().join(' + '));
}
element(header, 'div', 'time', `${new Date(DASHBOARD.from * 1000).toISOString().slice(0, 19).replace('T', ' ')} to ${new Date(DASHBOARD.to * 1000).toISOString().slice(11, 19)} UTC`);

const DRAW = { timeseries, heatmap, xychart, stat, bargauge, table };
const column = (DASHBOARD.width - 8) / 24;
for (const panel of DASHBOARD.panels) {
  const { x, y, w, h } = panel.gridPos;
  const box = element(main, 'div', panel.type === 'row' ? 'row' : 'panel');
  box.style.cssText = `left:${8 + x * column}px;top:${y * ROW}px;width:${w * column - 8}px;height:${h * ROW - 8}px`;
  if (panel.type === 'row') {
    box.textContent = `⌄ ${panel.title}`;
    continue;
  }
  element(box, 'h2', '', panel.title);
  DRAW[panel.type](panel, element(box, 'div', 'body'));
}
