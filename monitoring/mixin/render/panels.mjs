// Turns a dashboard and what Prometheus answers into what the page draws: layout, repeats, transformations.

const GRAFANA_COLUMNS = 24;

/** All panels of a dashboard with their data. `chosen` fixes variables. */
export async function panels(dashboard, prometheus, chosen) {
  const variables = await resolve(dashboard, prometheus, chosen);
  const placed = repeat(dashboard.panels, variables);
  const drawn = [];
  for (const panel of placed) {
    drawn.push({ ...panel, title: plain(panel.title, panel.values), data: panel.type === 'row' ? null : await data(panel, prometheus) });
  }
  return { title: dashboard.title, variables, panels: drawn, annotations: await annotations(dashboard, prometheus, variables) };
}

async function resolve(dashboard, prometheus, chosen) {
  const values = {};
  const shown = [];
  for (const variable of dashboard.templating.list.filter((one) => one.type === 'query')) {
    const regex = variable.regex ? new RegExp(variable.regex.slice(1, -1)) : /^/;
    const found = (await prometheus.variable(variable.query.query, values)).filter((value) => regex.test(value));
    const fixed = chosen[variable.name];
    values[variable.name] = fixed ?? (variable.includeAll ? variable.allValue : found[0]);
    shown.push({ name: variable.name, label: variable.label, text: fixed ?? (variable.includeAll ? 'All' : found[0]), found });
  }
  return { values, shown };
}

/** A repeated panel once for each value, as many in a row as it allows; what is below moves down. */
function repeat(all, { values, shown }) {
  const out = [];
  let shift = 0;
  for (const panel of all) {
    const place = { ...panel.gridPos, y: panel.gridPos.y + shift };
    if (!panel.repeat) {
      out.push({ ...panel, gridPos: place, values });
      continue;
    }
    const variable = shown.find((one) => one.name === panel.repeat);
    const each = variable.text === 'All' ? variable.found : [variable.text].flat();
    const inRow = Math.min(each.length, panel.maxPerRow);
    each.forEach((value, i) => {
      const w = GRAFANA_COLUMNS / inRow;
      out.push({
        ...panel,
        gridPos: { h: place.h, w, x: (i % inRow) * w, y: place.y + Math.floor(i / inRow) * place.h },
        values: { ...values, [panel.repeat]: value },
      });
    });
    shift += (Math.ceil(each.length / inRow) - 1) * place.h;
  }
  return out;
}

async function data(panel, prometheus) {
  const answers = await Promise.all(
    panel.targets.map(async (target) => {
      const query = prometheus.fill(target.expr, panel.values);
      return target.format === 'table' ? { rows: await prometheus.now(query), target } : { ...(await prometheus.range(query)), target };
    }),
  );
  if (panel.targets[0].format === 'table') {
    return { rows: columns(panel, merge(answers)) };
  }
  const series = answers.flatMap(({ series, target }) =>
    (target.instant ? series.filter(({ values }) => values.at(-1) !== null) : series).map(({ labels, values }) => ({ name: legend(target.legendFormat, labels), labels, values })),
  );
  const { times } = answers[0];
  return target0(panel).format === 'heatmap' ? { times, series: perBucket(series) } : { times, series: natural(series, panel) };
}

const target0 = (panel) => panel.targets[0];

/** Series of one query by name, as Grafana's legend shows them; queries in their order. */
const natural = (series, panel) =>
  panel.targets.length === 1 ? [...series].sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true })) : series;

const legend = (format, labels) => format.replace(/\{\{(\w+)\}\}/g, (all, name) => labels[name] ?? '');

/** Cumulative buckets to what lies in each, ordered by bound. */
function perBucket(series) {
  const bound = (one) => (one.labels.le === '+Inf' ? Infinity : Number(one.labels.le));
  const ordered = [...series].sort((a, b) => bound(a) - bound(b));
  return ordered.map((one, i) => ({
    ...one,
    bound: bound(one),
    values: one.values.map((value, t) => (value === null ? null : Math.max(0, value - (i ? ordered[i - 1].values[t] ?? 0 : 0)))),
  }));
}

/** Grafana's merge: rows that agree in the labels that all queries have become one. */
function merge(answers) {
  const labelled = answers.filter(({ rows }) => rows.length);
  const shared = Object.keys(labelled[0]?.rows[0].labels ?? {}).filter((name) => labelled.every(({ rows }) => name in rows[0].labels));
  const merged = new Map();
  for (const { rows, target } of answers) {
    for (const { labels, value } of rows) {
      const key = JSON.stringify(shared.map((name) => labels[name]));
      const column = answers.length === 1 ? 'Value' : `Value #${target.refId}`;
      merged.set(answers.length === 1 ? JSON.stringify(labels) : key, { ...merged.get(key), ...labels, [column]: value });
    }
  }
  return [...merged.values()];
}

/** filterFieldsByName, organize, and the order that the panel asks for. */
function columns(panel, rows) {
  const step = (id) => panel.transformations.find((one) => one.id === id)?.options;
  const names = step('filterFieldsByName').include.names;
  const { indexByName, renameByName } = step('organize');
  const order = [...names].sort((a, b) => indexByName[a] - indexByName[b]);
  const out = rows.map((row) => Object.fromEntries(order.map((name) => [renameByName[name] ?? name, row[name] ?? null])));
  const sort = panel.options.sortBy?.[0] ?? { displayName: step('sortBy')?.sort[0].field, desc: false };
  const compare = (a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : a === null ? -1 : b === null ? 1 : String(a).localeCompare(String(b)));
  return out.sort((a, b) => (sort.desc ? -1 : 1) * compare(a[sort.displayName], b[sort.displayName]));
}

async function annotations(dashboard, prometheus, { values }) {
  const marks = [];
  for (const annotation of dashboard.annotations.list) {
    const { times, series } = await prometheus.range(prometheus.fill(annotation.target.expr, values));
    for (const { labels, values: seen } of series) {
      seen.forEach((value, i) => value !== null && seen[i - 1] == null && marks.push({ time: times[i], text: legend(annotation.titleFormat, labels) }));
    }
  }
  return marks;
}

const plain = (text, values) => text.replace(/\$(\w+)/g, (all, name) => values?.[name] ?? all);
