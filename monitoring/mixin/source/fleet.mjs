// How the fleet is, and where to look next.
import { COHORT, ENVIRONMENT, FLEET, RELEASE, dashboard, decisions, heatmap, lines, now, range, row, stat, steps, stepsFrom, table, to } from './grafana.mjs';
import { PERCENT_PER_DAY, PER_HOUR, battery, crashfree, dropped, falseAccepts, over, power } from './queries.mjs';

const ALL = 'fleet=~"$fleet",cohort=~"$cohort",release=~"$release",environment=~"$environment"';
const DEVICES = 'fleet=~"$fleet",cohort=~"$cohort",release=~"$release"';
const INSTANT = 'earshot_rollout_gate_environment';
const FA = 'metric="false_accepts",question="harm",environment=~"$environment"';

const rolloutOf = (label) =>
  to('Open the rollout', 'earshot-rollout', `&var-rollout=\${__field.labels.${label}}&var-environment=All`);
const rolloutOfRow = to(
  'Open this environment of the rollout',
  'earshot-rollout',
  '&var-rollout=${__data.fields.Rollout}&var-environment=${__data.fields.Environment}',
);

export default dashboard({
  uid: 'earshot-fleet',
  title: 'fleet',
  description: 'How the devices are and how their models behave; from here to the rollout that changes it.',
  variables: [FLEET, COHORT, RELEASE, ENVIRONMENT],
  annotations: [decisions('kind=~"started|stage_passed|paused|rollback_started|rolled_back|succeeded"')],
  rows: [
    row(
      'Now',
      stat([4, 4], 'Connected', 'Share of the devices ever heard of that have a session. Red below 80 %: the alert EarshotDevicesAway.',
        range(`sum(earshot_fleet_devices{${DEVICES},connected="true"}) / sum(earshot_fleet_devices{${DEVICES}})`, 'connected'),
        'percentunit', { thresholds: { mode: 'absolute', steps: [{ color: 'red', value: null }, { color: 'orange', value: 0.8 }, { color: 'green', value: 0.95 }] }, decimals: 1 }),
      stat([4, 4], 'Devices', 'Devices that were ever heard of.', range(`sum(earshot_fleet_devices{${DEVICES}})`, 'devices'), 'short', { decimals: 0 }),
      stat([4, 4], 'Silent devices', 'Devices that should have reported by now and did not. Orange from 1; the alert EarshotDevicesSilent asks for more than 5 % of a release.',
        range(`sum(earshot_fleet_silent_devices{${DEVICES}}) or vector(0)`, 'silent'), 'short', { thresholds: steps([1, 'orange']), decimals: 0 }),
      stat([4, 4], 'False accepts', 'Wakes that the second stage rejected, for each hour of listening, over all that is selected: a proxy for false accepts.',
        range(falseAccepts(ALL, 'fleet'), '{{fleet}}'), PER_HOUR, { decimals: 2 }),
      stat([4, 4], 'Crash-free', 'Share of operational time without a crash. Red below 99 %: the alert EarshotCrashes.',
        range(crashfree(ALL, 'fleet'), '{{fleet}}'), 'percentunit',
        { thresholds: { mode: 'absolute', steps: [{ color: 'red', value: null }, { color: 'orange', value: 0.99 }, { color: 'green', value: 0.999 }] }, decimals: 2 }),
      stat([4, 4], 'Rollouts running', 'Newest rollouts of their release that are running, paused or rolling back.',
        range('count(earshot_rollout_state{state=~"running|paused|rolling_back"}) or vector(0)', 'rollouts'), 'short',
        { decimals: 0, links: [to('Open the rollout', 'earshot-rollout')] }),
    ),
    row(
      'Is a release worse? One click opens its rollout, in that environment',
      table([12, 9], 'Treatment against control, by environment',
        'False accepts of treated devices over those of control devices, the newest rollout of each release, worst lower bound first. The bounds are a 95 % confidence sequence: right at every look. Red: even the lower bound is above 1. Click a row to open it.',
        [
          now(`max by (rollout, release, environment) (${INSTANT}_estimate_ratio{${FA},release=~"$release"})`),
          now(`max by (rollout, release, environment) (${INSTANT}_low_ratio{${FA},release=~"$release"})`),
          now(`max by (rollout, release, environment) (${INSTANT}_high_ratio{${FA},release=~"$release"})`),
        ],
        {
          release: ['Release'],
          environment: ['Environment', undefined, undefined, [rolloutOfRow]],
          rollout: ['Rollout', undefined, undefined, [rolloutOfRow]],
          'Value #A': ['Estimate', 'suffix:x'],
          'Value #B': ['Low', 'suffix:x', stepsFrom('transparent', [1, 'red'])],
          'Value #C': ['High', 'suffix:x'],
        },
        { sort: { displayName: 'Low', desc: true } }),
      heatmap([12, 9], 'False accepts by cohort', 'False accepts for each hour of listening. A cohort is the rollout that a device takes part in; none: no rollout yet. Click a cell to open the rollout.',
        range(falseAccepts(ALL, 'cohort'), '{{cohort}}'), PER_HOUR, { links: [rolloutOf('cohort')], value: 'false accepts' }),
    ),
    row(
      'Behaviour',
      lines([8, 8], 'False accepts by release', 'Wakes that the second stage rejected, for each hour of listening.',
        [range(falseAccepts(ALL, 'release'), '{{release}}')], PER_HOUR, { min: 0 }),
      lines([8, 8], 'False accepts by environment', 'The same by where devices listen.',
        [range(falseAccepts(ALL, 'environment'), '{{environment}}')], PER_HOUR, { min: 0 }),
      lines([8, 8], 'False accepts by arm', 'Treated devices against those held back, over all rollouts that are selected.',
        [range(falseAccepts(ALL, 'arm'), '{{arm}}')], PER_HOUR, { min: 0, colors: { treatment: 'orange', control: 'blue' } }),
      lines([8, 8], 'Battery drain', 'Charge that a device on battery loses in a day, by release.',
        [range(battery(ALL, 'release'), '{{release}}')], PERCENT_PER_DAY, { min: 0 }),
      lines([8, 8], 'Power of the listening chip', 'Mean over devices, by release. Modelled from published figures of the silicon.',
        [range(power(ALL, 'release'), '{{release}}')], 'watt', { min: 0 }),
      lines([8, 8], 'Crash-free time', 'Share of operational time, by release. The line is where EarshotCrashes fires.',
        [range(crashfree(ALL, 'release'), '{{release}}')], 'percentunit',
        { min: 0.98, max: 1, thresholds: stepsFrom('red', [0.99, 'transparent']) }),
    ),
    row(
      'Do we hear of them?',
      lines([8, 8], 'Age of the last heartbeat', 'How long ago devices were last heard, fleet time: the median, and what 99 % of the devices stay below.',
        [0.5, 0.9, 0.99].map((q) =>
          range(`histogram_quantile(${q}, sum by (le) (earshot_fleet_heartbeat_age_seconds_bucket{fleet=~"$fleet"}))`, `${100 * q} %`)),
        's', { min: 0 }),
      lines([8, 8], 'Silent devices', 'Devices that should have reported by now and did not, by release.',
        [range(`sum by (release) (earshot_fleet_silent_devices{${DEVICES}}) or 0 * sum by (release) (earshot_fleet_devices{${DEVICES}})`, '{{release}}')], 'short', { min: 0 }),
      lines([8, 8], 'Connectivity', 'Share of the time that devices should have been connected in which they were, by region.',
        [range(over('connectivity_connected_seconds', 'connectivity_expected_seconds', 1, ALL, 'region'), '{{region}}')], 'percentunit', { max: 1 }),
      lines([6, 8], 'Devices by release', 'What runs where: a rollout is one colour growing over another.',
        [range(`sum by (release) (earshot_fleet_devices{${DEVICES}})`, '{{release}}')], 'short', { min: 0, stacked: true }),
      lines([6, 8], 'Unexpected reboots', 'For each device and day, by release.',
        [range(over('unexpected_reboots', 'operational_seconds', 86400, ALL, 'release'), '{{release}}')], 'suffix: /day', { min: 0 }),
      lines([6, 8], 'Heartbeats given up', 'Share of the reporting intervals that devices gave up because they could keep no more until they were heard, by release. An upper bound. The line is where EarshotHeartbeatsDropped fires.',
        [range(dropped(DEVICES, 'release'), '{{release}}')], 'percentunit', { min: 0, thresholds: steps([0.01, 'red']) }),
      lines([6, 8], 'Heartbeats', 'Reporting intervals counted, each once.',
        [range(`sum by (fleet) (rate(earshot_fleet_heartbeats_total{${ALL}}[$__rate_interval]))`, '{{fleet}}')], 'ops', { min: 0 }),
    ),
  ],
});
