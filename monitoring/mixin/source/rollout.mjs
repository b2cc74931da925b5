// One rollout: how far it is, what it changes, and what the gates say.
import { ENVIRONMENT, bars, dashboard, decisions, instant, lines, now, range, row, stat, steps, stepsFrom, table, to, variable } from './grafana.mjs';
import { PERCENT_PER_DAY, PER_HOUR, battery, crashfree, falseAccepts, power } from './queries.mjs';

const ID = 'rollout=~"$rollout"';
const COHORT = 'cohort=~"$rollout",arm=~"treatment|control"';
const HARM = `earshot_rollout_gate_environment`;
const FA = `${ID},metric="false_accepts",question="harm"`;
const ENV = 'environment=~"$environment"';
const PLAN = { 'margin of the plan': 'red', control: 'text' };
const STATE_COLORS = { running: 'blue', paused: 'orange', rolling_back: 'orange', rolled_back: 'red', succeeded: 'green', draft: 'text', scheduled: 'text', awaiting_approval: 'text', cancelled: 'text' };
const STATES = ['offered', 'downloading', 'downloaded', 'verified', 'installed', 'trial', 'committed'];
const margin = `max(earshot_rollout_gate_limit_ratio{${ID},metric="false_accepts",question="non_inferiority"})`;
const by = 'max by (metric, question)';

export default dashboard({
  uid: 'earshot-rollout',
  title: 'rollout',
  description: 'One staged rollout: updates, treatment against control in each environment, and the evidence of its gates.',
  variables: [
    variable('rollout', 'Rollout', 'label_values(earshot_rollout_state, rollout)', { single: true, sort: 0 }),
    ENVIRONMENT,
  ],
  annotations: [decisions(ID)],
  rows: [
    row(
      'Where it is',
      stat([5, 4], 'State', 'What the rollout does now.', range(`earshot_rollout_state{${ID}} == 1`, '{{state}}'), 'none', { textMode: 'name', colors: STATE_COLORS }),
      stat([5, 4], 'Release', 'What it brings.', range(`earshot_rollout_state{${ID}} == 1`, '{{release}}'), 'none', { textMode: 'name' }),
      stat([3, 4], 'Stage', 'From 1.', range(`max(earshot_rollout_stage{${ID}})`, 'stage'), 'none', { decimals: 0 }),
      stat([3, 4], 'Offered', "Share of the stage's devices whose clocks have started.", range(`max(earshot_rollout_released_ratio{${ID}})`, 'offered'), 'percentunit', { decimals: 0 }),
      stat([4, 4], 'Treated devices', 'Devices that this rollout offered the release.', range(`sum(earshot_rollout_devices{${ID}})`, 'treated'), 'short', { decimals: 0 }),
      stat([4, 4], 'Control devices', 'Devices held back at random, with their clocks started alike.', range(`sum(earshot_rollout_control_devices{${ID}})`, 'control'), 'short', { decimals: 0 }),
    ),
    row(
      'False accepts, treatment against control: above the dashed margin is what the plan does not accept',
      lines([24, 7], '$environment', 'Ratio of false accepts, treated over control, with its 95 % confidence sequence: right at every look. No band: too little was heard there to count by itself. The dashed line is the margin of the running stage.',
        [
          range(`max(${HARM}_high_ratio{${FA},environment=~"$environment"})`, 'high'),
          range(`max(${HARM}_low_ratio{${FA},environment=~"$environment"})`, 'low'),
          range(`max(${HARM}_estimate_ratio{${FA},environment=~"$environment"})`, 'estimate'),
          range(margin, 'margin of the plan'),
          range(`max(earshot_rollout_stage{${ID}} > 0) * 0 + 1`, 'control'),
        ],
        'suffix:x', { log: 2, min: 1 / 8, max: 8, repeat: 'environment', dashed: PLAN, band: { high: 'high', low: 'low', color: 'orange' }, colors: { estimate: 'orange' } }),
      table([12, 9], 'By environment, now', 'What the panels above end with, and what was counted: false accepts for each listening hour of both arms.',
        [
          now(`max by (environment) (${HARM}_estimate_ratio{${FA},${ENV}})`),
          now(`max by (environment) (${HARM}_low_ratio{${FA},${ENV}})`),
          now(`max by (environment) (${HARM}_high_ratio{${FA},${ENV}})`),
          now(falseAccepts(`cohort=~"$rollout",arm="treatment",${ENV}`, 'environment', '$__range')),
          now(falseAccepts(`cohort=~"$rollout",arm="control",${ENV}`, 'environment', '$__range')),
        ],
        {
          environment: ['Environment', undefined, undefined, [to('Only this environment', 'earshot-rollout', '&var-rollout=$rollout&var-environment=${__value.text}')]],
          'Value #A': ['Estimate', 'suffix:x'],
          'Value #B': ['Low', 'suffix:x', stepsFrom('transparent', [1, 'red'])],
          'Value #C': ['High', 'suffix:x'],
          'Value #D': ['Treatment', PER_HOUR],
          'Value #E': ['Control', PER_HOUR],
        },
        { sort: { displayName: 'Low', desc: true } }),
      lines([12, 9], 'False accepts by arm', 'For each hour of listening, as the fleet reported it, in the environments that are selected.',
        [range(falseAccepts(`${COHORT},${ENV}`, 'arm'), '{{arm}}')], PER_HOUR, { min: 0, colors: { treatment: 'orange', control: 'blue' } }),
    ),
    row(
      'Updates',
      bars([8, 8], 'Update funnel', 'Treated devices by where their update is: the way of a good update from top to bottom, then those that failed, were refused or given up.',
        [
          ...STATES.map((state) => instant(`sum(earshot_rollout_devices{${ID},state="${state}"}) or vector(0)`, state)),
          instant(`sum(earshot_rollout_devices{${ID},state!~"${STATES.join('|')}"}) or vector(0)`, 'ended otherwise'),
        ], 'short'),
      lines([8, 8], 'Updates over time', 'The same as it came about.',
        [range(`sum by (state) (earshot_rollout_devices{${ID}})`, '{{state}}')], 'short', { stacked: true, min: 0 }),
      table([8, 8], 'Results of updates', 'What devices said last of an update that this rollout ordered, by state and result: the words of LwM2M object 5.',
        [now('sum by (state, result) (earshot_fleet_update_devices{cohort=~"$rollout"})')],
        { state: ['State'], result: ['Result'], 'Value #A': ['Devices', 'short'] },
        { sort: { displayName: 'Devices', desc: true } }),
      lines([12, 6], 'Stage', 'The stage, from 1.', [range(`max(earshot_rollout_stage{${ID}})`, 'stage')], 'none', { min: 0, stepped: true }),
      lines([12, 6], 'Offered', "Share of the stage's devices whose clocks have started.", [range(`max(earshot_rollout_released_ratio{${ID}})`, 'offered')], 'percentunit', { min: 0, max: 1, stepped: true }),
    ),
    row(
      'Gates',
      table([24, 10], 'Gate evidence', 'Each question that is asked of the release. A gate decides when ln e reaches what is needed; the limit is the margin of the plan (1: is it worse at all; failed updates and balance: a share).',
        [
          now(`max by (metric, question, verdict) (earshot_rollout_gate_verdict{${ID}})`),
          now(`${by} (earshot_rollout_gate_log_e{${ID}})`),
          now(`${by} (earshot_rollout_gate_log_threshold{${ID}})`),
          now(`${by} (earshot_rollout_gate_estimate_ratio{${ID}})`),
          now(`${by} (earshot_rollout_gate_low_ratio{${ID}})`),
          now(`${by} (earshot_rollout_gate_high_ratio{${ID}})`),
          now(`${by} (earshot_rollout_gate_limit_ratio{${ID}})`),
          now(`${by} (earshot_rollout_gate_missing_hours{${ID}})`),
        ],
        {
          question: ['Question'],
          metric: ['Metric'],
          verdict: ['Verdict'],
          'Value #B': ['ln e', 'suffix: '],
          'Value #C': ['Needed', 'suffix: '],
          'Value #D': ['Estimate', 'suffix: '],
          'Value #E': ['Low', 'suffix: '],
          'Value #F': ['High', 'suffix: '],
          'Value #G': ['Limit', 'suffix: '],
          'Value #H': ['Missing', 'h'],
        },
        { sort: { displayName: 'Question', desc: false } }),
      lines([12, 9], 'Evidence of harm', 'ln e over what it must reach, by metric: at 1 the release is stopped.',
        [range(`max by (metric) (earshot_rollout_gate_log_e{${ID},question="harm"} / earshot_rollout_gate_log_threshold{${ID},question="harm"})`, '{{metric}}')],
        'none', { thresholds: steps([1, 'red']) }),
      lines([12, 9], 'Evidence of no harm', 'ln e over what it must reach, by metric: at 1 the release is shown to be better than the margin, and the stage may pass.',
        [range(`max by (metric) (earshot_rollout_gate_log_e{${ID},question="non_inferiority"} / earshot_rollout_gate_log_threshold{${ID},question="non_inferiority"})`, '{{metric}}')],
        'none', { thresholds: { mode: 'absolute', steps: [{ color: 'transparent', value: null }, { color: 'green', value: 1 }] } }),
    ),
    row(
      'What else may change',
      lines([8, 8], 'Battery drain', 'Charge that a device on battery loses in a day, by arm.', [range(battery(COHORT, 'arm'), '{{arm}}')], PERCENT_PER_DAY, { min: 0, colors: { treatment: 'orange', control: 'blue' } }),
      lines([8, 8], 'Power of the listening chip', 'Mean over devices, by arm.', [range(power(COHORT, 'arm'), '{{arm}}')], 'watt', { min: 0, colors: { treatment: 'orange', control: 'blue' } }),
      lines([8, 8], 'Crash-free time', 'Share of operational time, by arm.', [range(crashfree(COHORT, 'arm'), '{{arm}}')], 'percentunit', { min: 0.98, max: 1, colors: { treatment: 'orange', control: 'blue' } }),
    ),
  ],
});
