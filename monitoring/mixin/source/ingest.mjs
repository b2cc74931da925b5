// From the devices' connections to the counted interval: rate, errors, duration; use, saturation.
import { buckets, dashboard, heatmap, lines, range, row, stat, steps, variable } from './grafana.mjs';

const GATEWAY = 'instance=~"$gateway"';
const rate = (name, labels, by) => `sum${by ? ` by (${by})` : ''} (rate(${name}{${labels}}[$__rate_interval]))`;
const gateway = (name, by, labels = '') => rate(`earshot_gateway_${name}_total`, GATEWAY + labels, by);
const ack = (q) => `histogram_quantile(${q}, sum by (le) (rate(earshot_gateway_publish_ack_seconds_bucket{${GATEWAY}}[$__rate_interval])))`;

export default dashboard({
  uid: 'earshot-ingest',
  title: 'ingest',
  description: 'Gateways, Kafka, streams: does what devices say arrive, how fast, and is it counted?',
  variables: [variable('gateway', 'Gateway', 'label_values(earshot_gateway_connections, instance)')],
  rows: [
    row(
      'Now',
      stat([4, 4], 'Services up', 'Share of the scrape targets that answer. Anything below 100 %: the alert EarshotServiceDown.', range('avg(up{job=~"earshot.*"})', 'up'), 'percentunit', { thresholds: { mode: 'absolute', steps: [{ color: 'red', value: null }, { color: 'green', value: 1 }] }, decimals: 0 }),
      stat([4, 4], 'Connections', 'Open MQTT sessions.', range(`sum(earshot_gateway_connections{${GATEWAY}})`, 'connections'), 'short', { decimals: 0 }),
      stat([4, 4], 'Messages', 'Published by devices.', range(gateway('messages_received'), 'received'), 'ops', { decimals: 1 }),
      stat([4, 4], 'Dead letters', 'Messages refused for good: kept in earshot.device.rejected.v1.', range(gateway('messages_rejected'), 'rejected'), 'ops', { thresholds: steps([1e-9, 'orange'], [1, 'red']), decimals: 2 }),
      stat([4, 4], 'Acknowledged within', 'What 99 % of the messages stay below, from arrival until Kafka has stored them. Red above 1 s: the alert EarshotKafkaSlow.', range(ack(0.99), 'p99'), 's', { thresholds: steps([0.25, 'orange'], [1, 'red']), decimals: 1 }),
      stat([4, 4], 'Records not yet counted', 'What monitoring has not read of its topics. Red above 10,000: the alert EarshotMonitoringLag.', range('sum(earshot_monitoring_lag_records)', 'lag'), 'short', { thresholds: steps([1000, 'orange'], [10000, 'red']), decimals: 0 }),
    ),
    row(
      'Gateway: rate, errors, duration',
      lines([8, 8], 'Messages', 'Received = forwarded + rejected + failed, once nothing is in flight.',
        [range(gateway('messages_received'), 'received'), range(gateway('messages_forwarded'), 'forwarded'), range(gateway('messages_failed'), 'failed')], 'ops', { min: 0, colors: { failed: 'red' } }),
      lines([8, 8], 'Dead letters by reason', 'Messages that a device must not send again.', [range(gateway('messages_rejected', 'reason'), '{{reason}}')], 'ops', { min: 0 }),
      lines([8, 8], 'From arrival until Kafka has stored it', 'A device waits that long for its acknowledgement.', [0.5, 0.9, 0.99].map((q) => range(ack(q), `p${100 * q}`)), 's', { min: 0, thresholds: steps([1, 'red']) }),
      lines([8, 8], 'Sessions', 'What happened to them.', [range(gateway('sessions', 'event'), '{{event}}')], 'ops', { min: 0 }),
      lines([8, 8], 'Ended and refused connections', 'By why; a reconnect storm is a hill here.',
        [range(gateway('disconnects', 'reason'), 'ended: {{reason}}'), range(gateway('refusals', 'reason'), 'refused: {{reason}}')], 'ops', { min: 0 }),
      lines([8, 8], 'Commands', 'Received from Kafka = delivered + undeliverable; a device that is away gets its command again.',
        [range(gateway('commands_received'), 'received'), range(gateway('commands_delivered'), 'delivered'), range(gateway('commands_acknowledged'), 'acknowledged'), range(gateway('commands_undeliverable'), 'undeliverable')], 'ops', { min: 0 }),
    ),
    row(
      'Gateway and processes: use, saturation',
      lines([6, 8], 'In flight to Kafka', 'Messages sent and not answered yet, and sockets that are not read, for that sake or another: saturation.',
        [range(`sum(earshot_gateway_in_flight_messages{${GATEWAY}})`, 'in flight'), range(`sum(earshot_gateway_paused_sockets{${GATEWAY}})`, 'sockets not read')], 'short', { min: 0 }),
      lines([6, 8], 'Processor', 'Cores in use by the process of each service. In the all-in-one they share one.', [range('sum by (job) (rate(process_cpu_seconds_total{job=~"earshot.*"}[$__rate_interval]))', '{{job}}')], 'none', { min: 0, axis: 'cores' }),
      lines([6, 8], 'Memory', 'Resident.', [range('max by (job) (process_resident_memory_bytes{job=~"earshot.*"})', '{{job}}')], 'bytes', { min: 0 }),
      lines([6, 8], 'Descriptors', 'Open, as a share of what the process may open: a gateway needs one for each device.', [range('max by (job) (process_open_fds{job=~"earshot.*"} / process_max_fds{job=~"earshot.*"})', '{{job}}')], 'percentunit', { min: 0, thresholds: steps([0.9, 'red']) }),
    ),
    row(
      'Kafka and streams',
      heatmap([12, 8], 'Until Kafka has stored it', 'Messages in each bucket of the time until Kafka acknowledged them.', buckets(`sum by (le) (rate(earshot_gateway_publish_ack_seconds_bucket{${GATEWAY}}[$__rate_interval]))`), 'ops', { scheme: 'Blues', yUnit: 's', exponent: 0.5, value: 'messages' }),
      lines([12, 8], 'Lag of monitoring', 'Records that it has not read yet, by topic.', [range('sum by (topic) (earshot_monitoring_lag_records)', '{{topic}}')], 'short', { min: 0 }),
      lines([8, 8], 'Intervals by verdict', 'Each reporting interval is counted once; repetitions and stale ones are seen here and nowhere else.', [range('sum by (verdict) (rate(earshot_monitoring_intervals_total[$__rate_interval]))', '{{verdict}}')], 'ops', { min: 0 }),
      lines([8, 8], 'Heartbeats in the rollout engine', 'By what became of them.', [range(rate('earshot_rollout_heartbeats_total', '', 'verdict'), '{{verdict}}')], 'ops', { min: 0 }),
      lines([8, 8], 'Unreadable records', 'Records that no version of a service could parse.',
        [range(`${rate('earshot_monitoring_unreadable_total', '', '')} or vector(0)`, 'monitoring'), range(rate('earshot_rollout_damaged_total', '', ''), 'rollout')], 'ops', { min: 0 }),
      lines([8, 8], 'Looks at all devices', 'How long the rollout engine took to look once at all devices of a partition.', [range(`${rate('earshot_rollout_walk_seconds_total', '', '')} / (${rate('earshot_rollout_walks_total', '', '')} > 0)`, 'seconds a walk')], 's', { min: 0 }),
      lines([8, 8], 'Series of monitoring', 'Series on its metrics page, against its budget.', [range('sum(earshot_monitoring_series)', 'series')], 'short', { min: 0 }),
      lines([8, 8], 'Downloads', 'What the registry sends to devices: a stage begins with a hill.', [range('sum(rate(earshot_registry_blob_sent_bytes_total[$__rate_interval]))', 'blobs')], 'Bps', { min: 0 }),
    ),
  ],
});
