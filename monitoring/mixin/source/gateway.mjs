// What one gateway, or all of them, does right now: who is connected, what flows, what is held back and why.
import { dashboard, lines, range, row, stat, steps, variable } from './grafana.mjs';

const GATEWAY = 'instance=~"$gateway"';
const PROCESS = `job="earshot-gateway",${GATEWAY}`;
const rate = (name, by, labels = '') =>
  `sum${by ? ` by (${by})` : ''} (rate(earshot_gateway_${name}{${GATEWAY}${labels}}[$__rate_interval]))`;
const sum = (name, by) => `sum${by ? ` by (${by})` : ''} (earshot_gateway_${name}{${GATEWAY}})`;
const quantile = (q, name) =>
  `histogram_quantile(${q}, sum by (le) (rate(earshot_gateway_${name}_bucket{${GATEWAY}}[$__rate_interval])))`;
const quantiles = (name, ...qs) => qs.map((q) => range(quantile(q, name), `p${100 * q}`));
// The fuller of the two: what the gateway was told to hold, and what the process may open.
// An `or` of series with the same labels would be the first of them, so they are told apart.
const share = (of, what, limit) => `label_replace(${what}{${PROCESS}} / ${limit}{${PROCESS}}, "of", "${of}", "", "")`;
const FULL = `max(${share('sockets', 'earshot_gateway_sockets', 'earshot_gateway_connection_limit')} or ${share('descriptors', 'process_open_fds', 'process_max_fds')})`;
const trouble = (name) => `label_replace(earshot_gateway_${name}{${GATEWAY}}, "of", "${name}", "", "")`;
const red = (value) => steps([value, 'red']);

export default dashboard({
  uid: 'earshot-gateway',
  title: 'gateway',
  description: 'Between the devices and Kafka: who is connected, what flows, what is refused or held back, and why.',
  variables: [variable('gateway', 'Gateway', 'label_values(earshot_gateway_connections, instance)')],
  rows: [
    row(
      'At a glance',
      stat([4, 4], 'Devices connected', 'Open sessions.', range(sum('connections'), 'sessions'), 'short', { decimals: 0 }),
      stat([4, 4], 'Messages', 'Published by devices.', range(rate('messages_received_total'), 'received'), 'ops', { decimals: 1 }),
      stat([4, 4], 'Stored within', 'What 99 % of the messages stay below, from arrival until Kafka has stored them. Red above 1 s: the alert EarshotKafkaSlow.',
        range(quantile(0.99, 'publish_ack_seconds'), 'p99'), 's', { thresholds: steps([0.25, 'orange'], [1, 'red']), decimals: 1 }),
      stat([4, 4], 'Not stored', 'Messages that Kafka did not take. They are not acknowledged; devices send them again. The alert EarshotMessagesFailed.',
        range(rate('messages_failed_total'), 'failed'), 'ops', { thresholds: red(1e-9), decimals: 2 }),
      stat([4, 4], 'Sockets held back', 'Sockets that are not read, without those that wait to be let in: see below by why.', range(`sum(earshot_gateway_paused_sockets{${GATEWAY},why!="door"})`, 'paused'), 'short', { thresholds: steps([1, 'orange']), decimals: 0 }),
      stat([4, 4], 'Refused', 'Connections that did not become sessions. The alert EarshotRefusalsSurge asks for a tenth of all.', range(rate('refusals_total'), 'refused'), 'ops', { thresholds: steps([1, 'orange'], [100, 'red']), decimals: 2 }),
      stat([4, 4], 'Waiting to connect', 'Devices whose CONNECT waits for its turn: a reconnect storm that is being shaped.', range(sum('waiting_connects'), 'waiting'), 'short', { thresholds: steps([1, 'orange']), decimals: 0 }),
      stat([4, 4], 'Fullest gateway', 'Sockets against what it may hold, or descriptors against what its process may open: the larger share of the fullest gateway. Red above 90 %: the alert EarshotGatewayFull.',
        range(FULL, 'full'), 'percentunit', { thresholds: steps([0.75, 'orange'], [0.9, 'red']), decimals: 0 }),
      stat([4, 4], 'In flight to Kafka', 'Messages sent and not answered yet.', range(sum('in_flight_messages'), 'in flight'), 'short', { decimals: 0 }),
      stat([4, 4], 'Dead letters', 'Messages refused for good: kept in earshot.device.rejected.v1. The alert EarshotDeadLetters.', range(rate('messages_rejected_total'), 'rejected'), 'ops', { thresholds: steps([1e-9, 'orange'], [1, 'red']), decimals: 2 }),
      stat([4, 4], 'Commands not delivered', 'Of those read from Kafka, by gateways that hold the device. The rollout offers them again.',
        range(rate('commands_undeliverable_total', '', ',reason!="no_session"'), 'undeliverable'), 'ops', { thresholds: steps([1e-9, 'orange']), decimals: 2 }),
      stat([4, 4], 'In trouble', 'Gateways that Kafka does not answer, or that could not read again what tells devices apart or the limits of fleets and go on with what they had. The alerts EarshotGatewayWithoutKafka, EarshotIdentityProblem, EarshotLimitsProblem.',
        range(`sum(max by (instance) (${trouble('kafka_away')} or ${trouble('identity_problem')} or ${trouble('limits_problem')}))`, 'in trouble'), 'short', { thresholds: red(1), decimals: 0 }),
    ),
    row(
      'Connections',
      lines([8, 8], 'Sessions by transport', 'Open MQTT sessions: plain, over TLS, over WebSocket, over WebSocket with TLS.',
        [range(sum('sessions_open', 'transport'), '{{transport}}')], 'short', { min: 0, stacked: true }),
      lines([8, 8], 'Sockets and sessions', 'Sockets are there before their CONNECT is and may wait for their turn; a lasting gap is somebody who opens sockets and says nothing.',
        [range(sum('sockets'), 'sockets'), range(sum('connections'), 'sessions'), range(sum('waiting_connects'), 'waiting to connect')], 'short', { min: 0 }),
      lines([8, 8], 'Sessions begin and end', 'A reconnect storm is a hill of `disconnected` followed by one of `connected`.', [range(rate('sessions_total', 'event'), '{{event}}')], 'ops', { min: 0 }),
      lines([8, 8], 'Ended by reason', 'Why sessions ended.', [range(rate('disconnects_total', 'reason'), '{{reason}}')], 'ops', { min: 0 }),
      lines([8, 8], 'Refused by reason', 'Why connections did not become sessions.', [range(rate('refusals_total', 'reason'), '{{reason}}')], 'ops', { min: 0 }),
      lines([8, 8], 'Wait for a turn to connect', 'How long a CONNECT waited before it was answered, refused ones too. The line is where EarshotConnectsWait fires.',
        quantiles('connect_wait_seconds', 0.5, 0.9, 0.99), 's', { min: 0, thresholds: red(4) }),
    ),
    row(
      'Messages',
      lines([8, 8], 'Messages', 'Received = forwarded + rejected + failed, once nothing is in flight. Acknowledged ones are QoS 1, dead letters among them.',
        [range(rate('messages_received_total'), 'received'), range(rate('messages_forwarded_total'), 'forwarded'), range(rate('acknowledged_total'), 'acknowledged'),
          range(rate('messages_rejected_total'), 'rejected'), range(rate('messages_failed_total'), 'failed')],
        'ops', { min: 0, colors: { failed: 'red', rejected: 'orange' } }),
      lines([8, 8], 'From PUBLISH to PUBACK', 'From a message\'s arrival until Kafka has stored it: a device waits that long. The line is where EarshotKafkaSlow fires.',
        quantiles('publish_ack_seconds', 0.5, 0.9, 0.99, 0.999), 's', { min: 0, thresholds: red(1) }),
      lines([8, 8], 'Dead letters by reason', 'Messages that a device must not send again.', [range(rate('messages_rejected_total', 'reason'), '{{reason}}')], 'ops', { min: 0 }),
      lines([8, 8], 'Sockets held back by why', 'kafka: too much in flight to Kafka. rate: device or fleet above its limit. in_flight: device with too many unacknowledged. slow_reader: device that does not read its answers. door: waits to be let in.',
        [range(sum('paused_sockets', 'why'), '{{why}}')], 'short', { min: 0, colors: { kafka: 'red' } }),
      lines([8, 8], 'Held back by limit', 'How often a limit made a socket wait.', [range(rate('throttled_total', 'limit'), '{{limit}}')], 'ops', { min: 0 }),
      lines([8, 8], 'Subscriptions', 'Topic filters that devices asked for.', [range(rate('subscriptions_total', 'outcome'), '{{outcome}}')], 'ops', { min: 0 }),
    ),
    row(
      'Kafka',
      lines([6, 8], 'In flight', 'Messages sent to Kafka and not answered, by gateway. At the limit its sockets are not read.', [range(sum('in_flight_messages', 'instance'), '{{instance}}')], 'short', { min: 0 }),
      lines([6, 8], 'Memory for what is in flight', 'Payload in flight, and what is left of the Kafka client\'s buffer. At 0 left nothing can be sent.',
        [range(sum('in_flight_bytes'), 'in flight'), range(sum('kafka_buffer_available_bytes'), 'buffer left')], 'bytes', { min: 0 }),
      lines([6, 8], 'Kafka client', 'Means of the slowest gateway. Request: from a batch\'s sending to its answer, so brokers and network. Queue: in the client before that.',
        [range(`max(earshot_gateway_kafka_request_seconds{${GATEWAY}})`, 'request'), range(`max(earshot_gateway_kafka_queue_seconds{${GATEWAY}})`, 'queue')], 's', { min: 0 }),
      lines([6, 8], 'Not taken by Kafka', 'Messages whose sender keeps them, session events that are lost, and what the Kafka client calls record errors.',
        [range(rate('messages_failed_total'), 'messages'), range(rate('session_events_lost_total'), 'session events'), range(rate('kafka_record_errors'), 'record errors')], 'ops', { min: 0, colors: { messages: 'red' } }),
    ),
    row(
      'Commands and last wills',
      lines([8, 8], 'Commands', 'Received from Kafka = delivered + undeliverable. Each gateway receives all of them and delivers to the devices that it holds.',
        [range(rate('commands_received_total'), 'received'), range(rate('commands_delivered_total'), 'delivered'), range(rate('commands_acknowledged_total'), 'acknowledged'),
          range(rate('commands_undeliverable_total', '', ',reason!="no_session"'), 'undeliverable')],
        'ops', { min: 0, colors: { undeliverable: 'red' } }),
      lines([8, 8], 'Undeliverable by reason', 'no_session: the device is not here; with several gateways most commands are that at each but one.', [range(rate('commands_undeliverable_total', 'reason'), '{{reason}}')], 'ops', { min: 0 }),
      lines([8, 8], 'Last wills', 'Wills that were sent to Kafka, because their session ended without a goodbye.', [range(rate('wills_total'), 'wills')], 'ops', { min: 0 }),
    ),
    row(
      'Process',
      lines([6, 8], 'Processor', 'Cores in use.', [range(`rate(process_cpu_seconds_total{${PROCESS}}[$__rate_interval])`, '{{instance}}')], 'none', { min: 0, axis: 'cores' }),
      lines([6, 8], 'Memory', 'Resident, and of it the heap in use. Idle devices cost resident memory, messages in flight cost heap.',
        [range(`sum(process_resident_memory_bytes{${PROCESS}})`, 'resident'), range(`sum(jvm_memory_bytes_used{${PROCESS},area="heap"})`, 'heap in use'), range(`sum(jvm_memory_bytes_max{${PROCESS},area="heap"})`, 'heap at most')], 'bytes', { min: 0 }),
      lines([6, 8], 'Garbage collection', 'Share of the time in which everything stands still for it.', [range(`sum by (instance, gc) (rate(jvm_gc_collection_seconds_sum{${PROCESS}}[$__rate_interval]))`, '{{instance}} {{gc}}')], 'percentunit', { min: 0 }),
      lines([6, 8], 'Descriptors', 'Open, as a share of what the process may open. Each connection needs one. The line is where EarshotGatewayFull fires.',
        [range(`process_open_fds{${PROCESS}} / process_max_fds{${PROCESS}}`, '{{instance}}')], 'percentunit', { min: 0, thresholds: red(0.9) }),
    ),
  ],
});
