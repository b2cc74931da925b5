// What is asked in more than one dashboard. Both sides of a ratio run on the fleet's clock, so it is right at any speed.
const rate = (name, labels, by, window) =>
  `sum by (${by}) (rate(earshot_fleet_${name}_total{${labels}}[${window}]))`;

/** A quantity over the time in which it arose; `scale` turns seconds into what people read. */
export const over = (what, exposure, scale, labels, by, window = '$__rate_interval') =>
  `${scale === 1 ? '' : `${scale} * `}${rate(what, labels, by, window)} / (${rate(exposure, labels, by, window)} > 0)`;

export const falseAccepts = (labels, by, window) => over('false_accepts', 'listening_seconds', 3600, labels, by, window);
export const wakes = (labels, by) => over('wakes', 'listening_seconds', 3600, labels, by);
export const misses = (labels, by) => over('suspected_false_rejects', 'listening_seconds', 3600, labels, by);
export const battery = (labels, by, window) => over('battery_drop_ratio', 'battery_discharge_seconds', 8640000, labels, by, window);
export const power = (labels, by) => over('ndp_energy_joules', 'operational_seconds', 1, labels, by);
export const crashfree = (labels, by, window) => over('operational_crashfree_seconds', 'operational_seconds', 1, labels, by, window);

/** Of all intervals that there were, the share that devices gave up. */
export const dropped = (labels, by, window = '$__rate_interval') =>
  `${rate('dropped_heartbeats', labels, by, window)} / (${rate('dropped_heartbeats', labels, by, window)} + ${rate('heartbeats', labels, by, window)} > 0)`;

/** A quantile of a histogram that grows. */
export const quantile = (q, histogram, labels, by, window = '$__rate_interval') =>
  `histogram_quantile(${q}, sum by (${[...by, 'le'].join(', ')}) (rate(${histogram}_bucket{${labels}}[${window}])))`;

export const PER_HOUR = 'suffix: /h';
export const PERCENT_PER_DAY = 'suffix: %/day';
