// Two releases side by side, from the scores that the fleet reports.
import { ENVIRONMENT, FLEET, RELEASE, buckets, curve, dashboard, heatmap, lines, now, range, row, table, to } from './grafana.mjs';
import { PERCENT_PER_DAY, PER_HOUR, battery, falseAccepts, misses, over, power, quantile, wakes } from './queries.mjs';

const ALL = 'fleet=~"$fleet",release=~"$release",environment=~"$environment"';
const SCORES = 'release=~"$release",environment=~"$environment"';
const count = (histogram, by = 'release') => `sum by (${by}) (increase(earshot_fleet_${histogram}_count{${SCORES}}[$__range]))`;
const below = (histogram) =>
  `sum by (release, threshold) (label_replace(increase(earshot_fleet_${histogram}_bucket{${SCORES},le!="+Inf"}[$__range]), "threshold", "$1", "le", "(.*)"))`;
const over1 = 'on (release) group_left ()';

export default dashboard({
  uid: 'earshot-release',
  title: 'release comparison',
  description: 'What releases do in the field: false accepts against misses, scores, power.',
  time: 'now-24h',
  variables: [FLEET, RELEASE, ENVIRONMENT],
  rows: [
    row(
      'False accepts against misses',
      curve([12, 12], 'Detection error trade-off in the field',
        'Each point is a threshold at or above the one that ran: how many false accepts an hour, and which share of the wakes that the second stage confirmed (and of the suspected misses), it would have had in this time range. Down and left is better. A miss is only known where a retry succeeded: a lower bound.',
        {
          name: 'False accepts per hour',
          unit: PER_HOUR,
          query: now(`3600 * (-1 * (${below('false_accept_score')} - ${over1} ${count('false_accept_score')})) / ${over1} (sum by (release) (increase(earshot_fleet_listening_seconds_total{${ALL}}[$__range])) > 0)`),
        },
        {
          name: 'Misses',
          unit: 'percentunit',
          query: now(`(${below('confirmed_wake_score')} + ${over1} ${count('suspected_false_reject_score')}) / ${over1} ((${count('confirmed_wake_score')} + ${count('suspected_false_reject_score')}) > 0)`),
        },
        'release'),
      table([12, 12], 'Releases', 'Over the whole time range.',
        [
          now(falseAccepts(ALL, 'release', '$__range')),
          now(over('wakes', 'listening_seconds', 3600, ALL, 'release', '$__range')),
          now(over('suspected_false_rejects', 'listening_seconds', 3600, ALL, 'release', '$__range')),
          now(battery(ALL, 'release', '$__range')),
          now(`sum by (release) (increase(earshot_fleet_listening_seconds_total{${ALL}}[$__range])) / 3600`),
        ],
        {
          release: ['Release', undefined, undefined, [to('Only this release', 'earshot-release', '&var-release=${__value.text}')]],
          'Value #A': ['False accepts', PER_HOUR],
          'Value #B': ['Wakes', PER_HOUR],
          'Value #C': ['Suspected misses', PER_HOUR],
          'Value #D': ['Battery', PERCENT_PER_DAY],
          'Value #E': ['Listened', 'h'],
        },
        { sort: { displayName: 'Release', desc: false } }),
    ),
    row(
      'Over time',
      lines([8, 8], 'False accepts', 'For each hour of listening.', [range(falseAccepts(ALL, 'release'), '{{release}}')], PER_HOUR, { min: 0 }),
      lines([8, 8], 'Wakes', 'For each hour of listening.', [range(wakes(ALL, 'release'), '{{release}}')], PER_HOUR, { min: 0 }),
      lines([8, 8], 'Suspected misses', 'Near misses followed by a successful retry, for each hour of listening.', [range(misses(ALL, 'release'), '{{release}}')], PER_HOUR, { min: 0 }),
      lines([8, 8], 'Battery drain', 'Charge that a device on battery loses in a day.', [range(battery(ALL, 'release'), '{{release}}')], PERCENT_PER_DAY, { min: 0 }),
      lines([8, 8], 'Power of the listening chip', 'Mean over devices.', [range(power(ALL, 'release'), '{{release}}')], 'watt', { min: 0 }),
      lines([8, 8], 'Time of one inference', 'Median and 99th percentile.',
        [0.5, 0.99].map((q) => range(quantile(q, 'earshot_fleet_inference_duration_seconds', 'release=~"$release"', ['release']), `{{release}} p${100 * q}`)), 's', { min: 0 }),
    ),
    row(
      'Scores: the further apart false accepts and confirmed wakes lie, the better a threshold can do',
      heatmap([12, 9], 'Scores of confirmed wakes', 'Wakes in each bucket of the detection score, int8.', buckets(`sum by (le) (rate(earshot_fleet_confirmed_wake_score_bucket{${SCORES}}[$__rate_interval]))`), 'ops', { scheme: 'Greens', value: 'wakes' }),
      heatmap([12, 9], 'Scores of false accepts', 'Wakes that the second stage rejected, in each bucket of the detection score.', buckets(`sum by (le) (rate(earshot_fleet_false_accept_score_bucket{${SCORES}}[$__rate_interval]))`), 'ops', { scheme: 'Oranges', value: 'false accepts' }),
      heatmap([12, 9], 'Scores of near misses', 'Peaks that stayed below the threshold.', buckets(`sum by (le) (rate(earshot_fleet_near_miss_score_bucket{${SCORES}}[$__rate_interval]))`), 'ops', { scheme: 'Blues', value: 'near misses' }),
      heatmap([12, 9], 'Scores of all inferences', 'Nearly all of them hear nothing; the colour is the square root.', buckets(`sum by (le) (rate(earshot_fleet_inference_score_bucket{${SCORES}}[$__rate_interval]))`), 'ops', { scheme: 'Purples', exponent: 0.25, value: 'inferences' }),
      lines([12, 8], 'Confirmed wakes: score that 90 % exceed', 'The 10th percentile by release; its distance to the false accepts is the room for a threshold.',
        [range(quantile(0.1, 'earshot_fleet_confirmed_wake_score', SCORES, ['release']), '{{release}}')], 'none'),
      lines([12, 8], 'False accepts: score that 10 % exceed', 'The 90th percentile by release.',
        [range(quantile(0.9, 'earshot_fleet_false_accept_score', SCORES, ['release']), '{{release}}')], 'none'),
    ),
  ],
});
