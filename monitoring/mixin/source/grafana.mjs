// Classic Grafana dashboards out of few words: panels, variables, rows that lay themselves out.
const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };
const COLUMNS = 24;

/** A range query; `legend` names each series. */
export const range = (expr, legend, more = {}) => ({
  expr: expr.replace(/\s+/g, ' ').trim(),
  legendFormat: legend,
  range: true,
  format: 'time_series',
  ...more,
});

/** What holds now, as rows of a table. */
export const now = (expr, more = {}) => ({
  ...range(expr, ''),
  range: false,
  instant: true,
  format: 'table',
  ...more,
});

/** What holds now, one value for each series. */
export const instant = (expr, legend) => range(expr, legend, { range: false, instant: true });

/** Buckets of a histogram over time. */
export const buckets = (expr) => range(expr, '{{le}}', { format: 'heatmap' });

const targets = (queries) =>
  queries.map((query, i) => ({
    refId: String.fromCharCode(65 + i),
    datasource: DATASOURCE,
    editorMode: 'code',
    ...query,
  }));

/** Green, and from each given value on that colour. */
export const steps = (...pairs) => stepsFrom('green', ...pairs);

/** The same from another colour. */
export const stepsFrom = (first, ...pairs) => ({
  mode: 'absolute',
  steps: [{ color: first, value: null }].concat(pairs.map(([value, color]) => ({ color, value }))),
});

const panel = (type, size, title, description, queries, defaults, options, more = {}) => ({
  type,
  title,
  description,
  datasource: DATASOURCE,
  gridPos: { w: size[0], h: size[1], x: 0, y: 0 },
  targets: targets(queries),
  fieldConfig: { defaults, overrides: more.overrides ?? [] },
  options,
  ...(more.transformations ? { transformations: more.transformations } : {}),
  ...(more.repeat ? { repeat: more.repeat, repeatDirection: 'h', maxPerRow: more.maxPerRow ?? 3 } : {}),
});

const REDUCE = { calcs: ['lastNotNull'], fields: '', values: false };

/** One number, or one for each series. */
export const stat = (size, title, description, query, unit, more = {}) =>
  panel(
    'stat',
    size,
    title,
    description,
    [query],
    {
      unit,
      ...(more.decimals === undefined ? {} : { decimals: more.decimals }),
      noValue: more.noValue ?? '-',
      color: { mode: 'thresholds' },
      thresholds: more.thresholds ?? steps(),
      ...(more.mappings ? { mappings: more.mappings } : {}),
      ...(more.links ? { links: more.links } : {}),
    },
    {
      reduceOptions: REDUCE,
      orientation: 'auto',
      textMode: more.textMode ?? 'auto',
      wideLayout: true,
      colorMode: 'value',
      graphMode: more.textMode ? 'none' : 'area',
      justifyMode: 'auto',
      showPercentChange: false,
      percentChangeColorMode: 'standard',
    },
    { overrides: looks(more) },
  );

/** Lines over time. `dashed`, `bands` and `colors` name series. */
export const lines = (size, title, description, queries, unit, more = {}) =>
  panel(
    'timeseries',
    size,
    title,
    description,
    queries,
    {
      unit,
      ...(more.min === undefined ? {} : { min: more.min }),
      ...(more.max === undefined ? {} : { max: more.max }),
      color: { mode: 'palette-classic' },
      thresholds: more.thresholds ?? steps(),
      ...(more.links ? { links: more.links } : {}),
      custom: {
        drawStyle: 'line',
        lineInterpolation: more.stepped ? 'stepAfter' : 'linear',
        lineWidth: more.stacked ? 1 : 2,
        fillOpacity: more.stacked ? 40 : 0,
        gradientMode: 'none',
        showPoints: 'never',
        pointSize: 5,
        spanNulls: false,
        insertNulls: false,
        axisLabel: more.axis ?? '',
        axisPlacement: 'auto',
        axisColorMode: 'text',
        axisBorderShow: false,
        axisCenteredZero: false,
        scaleDistribution: more.log ? { type: 'log', log: more.log } : { type: 'linear' },
        stacking: { mode: more.stacked ? 'normal' : 'none', group: 'A' },
        thresholdsStyle: { mode: more.thresholds ? 'line' : 'off' },
        hideFrom: { legend: false, tooltip: false, viz: false },
      },
    },
    {
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
    { ...more, overrides: [...(more.overrides ?? []), ...looks(more)] },
  );

const byName = (name, properties) => ({ matcher: { id: 'byName', options: name }, properties });
const color = (value) => ({ id: 'color', value: { mode: 'fixed', fixedColor: value } });

const looks = ({ dashed = {}, band, colors = {} }) => [
  ...Object.entries(dashed).map(([name, value]) =>
    byName(name, [
      color(value),
      { id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 6] } },
      { id: 'custom.lineWidth', value: 1 },
    ]),
  ),
  ...Object.entries(colors).map(([name, value]) => byName(name, [color(value)])),
  ...(band
    ? [
        byName(band.high, [
          color(band.color),
          { id: 'custom.lineWidth', value: 0 },
          { id: 'custom.fillOpacity', value: 20 },
          { id: 'custom.fillBelowTo', value: band.low },
        ]),
        byName(band.low, [color(band.color), { id: 'custom.lineWidth', value: 0 }]),
      ]
    : []),
];

/** Colours over time: rows are series, or buckets of a histogram. */
export const heatmap = (size, title, description, query, unit, more = {}) =>
  panel(
    'heatmap',
    size,
    title,
    description,
    [query],
    {
      unit,
      ...(more.links ? { links: more.links } : {}),
      custom: {
        scaleDistribution: { type: 'linear' },
        hideFrom: { legend: false, tooltip: false, viz: false },
      },
    },
    {
      calculate: false,
      cellGap: 1,
      cellValues: { unit, decimals: more.decimals ?? 2 },
      color: {
        mode: 'scheme',
        scheme: more.scheme ?? 'Oranges',
        fill: 'dark-orange',
        scale: more.exponent ? 'exponential' : 'linear',
        exponent: more.exponent ?? 0.5,
        steps: 64,
        reverse: false,
        ...(more.max === undefined ? {} : { min: 0, max: more.max }),
      },
      yAxis: { axisPlacement: 'left', reverse: false, unit: more.yUnit ?? 'none' },
      rowsFrame: { layout: 'auto', value: more.value ?? title },
      filterValues: { le: 1e-9 },
      legend: { show: true },
      tooltip: { mode: 'single', yHistogram: false, showColorScale: true },
      exemplars: { color: 'rgba(255,0,255,0.7)' },
    },
    more,
  );

/** A bar for each series, as it is now. */
export const bars = (size, title, description, queries, unit, more = {}) =>
  panel(
    'bargauge',
    size,
    title,
    description,
    queries,
    {
      unit,
      min: 0,
      ...(more.max === undefined ? {} : { max: more.max }),
      color: { mode: more.thresholds ? 'thresholds' : 'palette-classic' },
      thresholds: more.thresholds ?? steps(),
      ...(more.links ? { links: more.links } : {}),
    },
    {
      reduceOptions: REDUCE,
      orientation: 'horizontal',
      displayMode: 'gradient',
      valueMode: 'color',
      namePlacement: 'auto',
      showUnfilled: true,
      sizing: 'auto',
      minVizWidth: 8,
      minVizHeight: 16,
      maxVizHeight: 300,
      legend: { displayMode: 'list', placement: 'bottom', showLegend: false, calcs: [] },
    },
    more,
  );

/**
 * A table of what holds now: one row for each set of labels. `columns` maps what Prometheus calls a column (`state`, or
 * `Value #A`) to [what people read, unit, thresholds, links]; what is not named is left out.
 */
export const table = (size, title, description, queries, columns, more = {}) => {
  const value = queries.length === 1 ? (name) => name.replace(/^Value #A$/, 'Value') : (name) => name;
  const names = Object.keys(columns);
  return panel(
    'table',
    size,
    title,
    description,
    queries,
    {
      unit: 'none',
      decimals: 2,
      color: { mode: 'thresholds' },
      thresholds: steps(),
      custom: {
        align: 'auto',
        cellOptions: { type: 'auto' },
        inspect: false,
        filterable: false,
        hideFrom: { legend: false, tooltip: false, viz: false },
      },
    },
    { showHeader: true, cellHeight: 'sm', enablePagination: false, frameIndex: 0, ...(more.sort ? { sortBy: [more.sort] } : {}) },
    {
      ...more,
      transformations: [
        { id: 'merge', options: {} },
        { id: 'filterFieldsByName', options: { include: { names: names.map(value) } } },
        {
          id: 'organize',
          options: {
            excludeByName: {},
            includeByName: {},
            indexByName: Object.fromEntries(names.map((name, i) => [value(name), i])),
            renameByName: Object.fromEntries(names.map((name) => [value(name), columns[name][0]])),
          },
        },
      ],
      overrides: names.flatMap((name) => {
        const [shown, unit, thresholds, links] = columns[name];
        const properties = [
          ...(unit ? [{ id: 'unit', value: unit }] : []),
          ...(unit === 'none' || unit === 'short' ? [{ id: 'decimals', value: 0 }] : []),
          ...(thresholds
            ? [
                { id: 'thresholds', value: thresholds },
                { id: 'custom.cellOptions', value: { type: 'color-background', mode: 'basic' } },
              ]
            : []),
          ...(links ? [{ id: 'links', value: links }] : []),
        ];
        return properties.length ? [byName(shown, properties)] : [];
      }),
    },
  );
};

/** Points of one quantity over another, a colour for each value of the column `by`. */
export const curve = (size, title, description, x, y, by, more = {}) =>
  panel(
    'xychart',
    size,
    title,
    description,
    [x.query, y.query],
    {
      unit: 'none',
      color: { mode: 'palette-classic' },
      custom: {
        show: 'points+lines',
        pointSize: { fixed: 5 },
        pointShape: 'circle',
        pointStrokeWidth: 1,
        fillOpacity: 60,
        lineWidth: 1,
        axisPlacement: 'auto',
        axisColorMode: 'text',
        axisBorderShow: false,
        axisCenteredZero: false,
        scaleDistribution: { type: 'linear' },
        hideFrom: { legend: false, tooltip: false, viz: false },
      },
    },
    {
      mapping: 'auto',
      series: [],
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
      tooltip: { mode: 'single', sort: 'none' },
    },
    {
      ...more,
      transformations: [
        { id: 'merge', options: {} },
        { id: 'filterFieldsByName', options: { include: { names: [by, 'threshold', 'Value #A', 'Value #B'] } } },
        { id: 'organize', options: { excludeByName: {}, includeByName: {}, indexByName: { [by]: 0, threshold: 1, 'Value #A': 2, 'Value #B': 3 }, renameByName: { 'Value #A': x.name, 'Value #B': y.name } } },
        { id: 'sortBy', options: { fields: {}, sort: [{ field: x.name, desc: false }] } },
        { id: 'partitionByValues', options: { fields: [by], keepFields: false, naming: { asLabels: true } } },
      ],
      overrides: [
        byName(x.name, [{ id: 'unit', value: x.unit }, { id: 'custom.axisLabel', value: x.name }]),
        byName(y.name, [{ id: 'unit', value: y.unit }, { id: 'custom.axisLabel', value: y.name }]),
      ],
    },
  );

/** A row's title with its panels; `explains` becomes the row's panels in order, left to right. */
export const row = (title, ...panels) => ({ title, panels });

const layout = (rows) => {
  const placed = [];
  let id = 1;
  let y = 0;
  for (const { title, panels } of rows) {
    placed.push({ id: id++, type: 'row', title, collapsed: false, gridPos: { h: 1, w: COLUMNS, x: 0, y }, panels: [] });
    y++;
    let x = 0;
    let tallest = 0;
    for (const one of panels) {
      const { w, h } = one.gridPos;
      if (x + w > COLUMNS) {
        x = 0;
        y += tallest;
        tallest = 0;
      }
      placed.push({ id: id++, ...one, gridPos: { h, w, x, y } });
      x += w;
      tallest = Math.max(tallest, h);
    }
    y += tallest;
  }
  return placed;
};

const datasource = {
  name: 'datasource',
  label: 'Data source',
  type: 'datasource',
  query: 'prometheus',
  refresh: 1,
  hide: 0,
  includeAll: false,
  multi: false,
  regex: '',
  options: [],
  skipUrlSync: false,
};

/** A variable whose values are those of a label. */
export const variable = (name, label, query, more = {}) => ({
  name,
  label,
  type: 'query',
  datasource: DATASOURCE,
  query: { query, refId: name },
  refresh: 2,
  sort: more.sort ?? 1,
  hide: 0,
  regex: more.regex ?? '',
  options: [],
  skipUrlSync: false,
  ...(more.single
    ? { includeAll: false, multi: false }
    : { includeAll: true, multi: true, allValue: '.*', current: { text: 'All', value: '$__all' } }),
});

export const FLEET = variable('fleet', 'Fleet', 'label_values(earshot_fleet_devices, fleet)');
export const RELEASE = variable('release', 'Release', 'label_values(earshot_fleet_devices{fleet=~"$fleet"}, release)');
export const ENVIRONMENT = variable(
  'environment',
  'Environment',
  'label_values(earshot_fleet_listening_seconds_total, environment)',
  { regex: '/^(?!unspecified).*/' },
);
export const COHORT = variable('cohort', 'Cohort', 'label_values(earshot_fleet_devices{fleet=~"$fleet"}, cohort)');

/** A link to another dashboard that keeps the time range; `more` adds `&var-name=value`. */
export const to = (title, uid, more = '') => ({
  title,
  url: `/d/${uid}?\${datasource:queryparam}&\${__url_time_range}${more}`,
  targetBlank: false,
});

/** Decisions of rollouts as marks over time; each is seen at the first step after it, once. */
export const decisions = (selector) => ({
  name: 'Decisions',
  datasource: DATASOURCE,
  enable: true,
  hide: false,
  iconColor: 'purple',
  target: {
    refId: 'Anno',
    expr: `sum by (rollout, release, kind) (earshot_rollout_decisions_total{${selector}} - earshot_rollout_decisions_total{${selector}} offset $__interval) > 0`,
    interval: '10s',
  },
  titleFormat: '{{kind}}',
  textFormat: '{{rollout}} {{release}}',
  tagKeys: 'rollout,kind',
  useValueForTime: false,
});

/** A whole dashboard. */
export const dashboard = ({ uid, title, description, variables, rows, annotations = [], time = 'now-6h' }) => ({
  uid,
  title: `Earshot: ${title}`,
  description,
  tags: ['earshot'],
  schemaVersion: 39,
  version: 1,
  editable: true,
  graphTooltip: 1,
  timezone: 'browser',
  refresh: '30s',
  time: { from: time, to: 'now' },
  templating: { list: [datasource, ...variables] },
  annotations: { list: annotations },
  links: [
    {
      title: 'Earshot',
      type: 'dashboards',
      tags: ['earshot'],
      asDropdown: false,
      icon: 'external link',
      includeVars: true,
      keepTime: true,
      targetBlank: false,
      tooltip: 'The other dashboards, with the same fleet, release and time',
      url: '',
    },
  ],
  panels: layout(rows),
});
