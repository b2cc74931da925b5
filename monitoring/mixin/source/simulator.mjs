// What the simulator knows to be true, held against what was counted.
import { bars, dashboard, instant, lines, now, range, row, stat, steps, table, variable } from './grafana.mjs';

const ALL = 'release=~"$release",environment=~"$environment"';
const rate = (name, labels = '') => `sum (rate(earshot_simulator_${name}_total{${labels}}[$__rate_interval]))`;
const truth = (name, by) => `sum by (${by}) (earshot_simulator_${name}_total{${ALL}})`;
const counted = (name, by) => `sum by (${by}) (earshot_fleet_${name}_total{${ALL}})`;

export default dashboard({
  uid: 'earshot-simulator',
  title: 'simulator',
  description: 'A simulated fleet: its load, and what really happened against what the services counted.',
  variables: [
    variable('release', 'Release', 'label_values(earshot_simulator_release_devices, release)'),
    variable('environment', 'Environment', 'label_values(earshot_simulator_listening_seconds_total, environment)'),
  ],
  rows: [
    row(
      'Is everything counted?',
      stat([6, 4], 'False accepts not counted', 'What happened less what monitoring counted. Devices report at the end of an interval, so a running fleet is always a little behind; at its end this is 0.',
        range(`sum(earshot_simulator_false_accepts_total{${ALL}}) - sum(earshot_fleet_false_accepts_total{${ALL}})`, 'not counted yet'), 'short', { decimals: 0 }),
      stat([6, 4], 'Listening not counted', 'The same for time listened: about half a heartbeat interval for each device.',
        range(`sum(earshot_simulator_listening_seconds_total{${ALL}}) - sum(earshot_fleet_listening_seconds_total{${ALL}})`, 'not counted yet'), 's', { decimals: 1 }),
      stat([6, 4], 'Devices', 'Simulated devices.', range('sum(earshot_simulator_devices)', 'devices'), 'short', { decimals: 0 }),
      stat([6, 4], 'Connected', 'Of these, with a session.', range('sum(earshot_simulator_devices_connected) / sum(earshot_simulator_devices)', 'connected'), 'percentunit', { thresholds: { mode: 'absolute', steps: [{ color: 'orange', value: null }, { color: 'green', value: 0.99 }] }, decimals: 1 }),
      lines([12, 9], 'False accepts', 'What happened in the simulated devices, and what monitoring counted. The lines lie on one another.',
        [range(`sum(earshot_simulator_false_accepts_total{${ALL}})`, 'happened'), range(`sum(earshot_fleet_false_accepts_total{${ALL}})`, 'counted')], 'short', { min: 0, colors: { happened: 'green' }, dashed: { counted: 'yellow' } }),
      table([12, 9], 'By release and environment', 'Happened and counted, now.',
        [now(truth('false_accepts', 'release, environment')), now(counted('false_accepts', 'release, environment')), now(truth('listening_seconds', 'release, environment')), now(counted('listening_seconds', 'release, environment'))],
        {
          release: ['Release'],
          environment: ['Environment'],
          'Value #A': ['False accepts', 'short'],
          'Value #B': ['counted', 'short'],
          'Value #C': ['Listened', 's'],
          'Value #D': ['counted ', 's'],
        },
        { sort: { displayName: 'False accepts', desc: true } }),
    ),
    row(
      'The rates that are really there',
      lines([12, 8], 'False accepts by environment', 'For each hour of listening, as it happened.',
        [range(`3600 * sum by (environment) (rate(earshot_simulator_false_accepts_total{${ALL}}[$__rate_interval])) / (sum by (environment) (rate(earshot_simulator_listening_seconds_total{${ALL}}[$__rate_interval])) > 0)`, '{{environment}}')], 'suffix: /h', { min: 0 }),
      lines([12, 8], 'Devices by release', 'What devices listen with.', [range('sum by (release) (earshot_simulator_release_devices)', '{{release}}')], 'short', { min: 0, stacked: true }),
    ),
    row(
      'Load',
      lines([8, 8], 'Heartbeats', 'Published, repetitions included; acknowledged, each once.', [range(rate('heartbeats_published'), 'published'), range(rate('heartbeats_acknowledged'), 'acknowledged')], 'ops', { min: 0 }),
      lines([8, 8], 'Connections', 'Sessions that came up, and that ended or never came up.', [range(rate('connects'), 'up'), range(rate('connections_lost'), 'lost')], 'ops', { min: 0, colors: { lost: 'red' } }),
      bars([8, 8], 'Updates', 'Devices by the update state that they reported last.', [instant('sum by (state) (earshot_simulator_update_devices)', '{{state}}')], 'short'),
      lines([12, 8], 'How long it takes', 'To connect, to be acknowledged, to download: the 99th percentile, as devices see it.', [range('histogram_quantile(0.99, sum by (operation, le) (rate(earshot_simulator_operation_seconds_bucket[$__rate_interval])))', '{{operation}}')], 's', { min: 0 }),
      lines([12, 8], 'Commands and power cuts', 'Commands delivered, repetitions included; power cuts in updates.', [range(rate('commands'), 'commands'), range(rate('power_cuts'), 'power cuts')], 'ops', { min: 0 }),
      lines([12, 8], 'Processor', 'Cores in use by the processes that the fleet runs in.', [range('sum(rate(earshot_simulator_cpu_seconds_total[$__rate_interval]))', 'all processes')], 'none', { min: 0, axis: 'cores' }),
      lines([12, 8], 'Memory', 'Resident memory of the processes that the fleet runs in, and Java objects in it, garbage included.', [range('sum(earshot_simulator_resident_memory_bytes)', 'resident'), range('sum(earshot_simulator_heap_used_bytes)', 'heap')], 'bytes', { min: 0 }),
    ),
  ],
});
