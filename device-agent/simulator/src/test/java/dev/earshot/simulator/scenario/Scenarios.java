package dev.earshot.simulator.scenario;

/** Scenario texts for tests. */
final class Scenarios {
  /** Every field that there is, written out. */
  static final String FULL =
      """
      name: everything
      seed: 7
      fleet: lab
      release: hey-nova:1.0.0
      duration: 2d
      heartbeat: 10m
      arrival: {shape: ramp, over: 10m, per_second: 500}
      groups:
        - name: phones
          count: 300
          chip: ndp120
          environments: {quiet: 0.6, car: 0.4}
          regions: {eu: 0.5, moon: {share: 0.5, utc_offset_minutes: 30}}
          firmware: {"2.3.0": 1}
          fidelity: rates
          battery: {capacity_mwh: 15000, health: 0.9}
          overdispersion: 0.8
          duty: 0.5
          wake_attempts_per_day: 30
          daily_amplitude: 0.7
          churn: {leaves_per_day: 1, away_for: 2h}
          moves:
            - {from: quiet, to: car, per_day: 2, stay: 40m}
        - {name: speakers, count: 200}
      faults:
        - {kind: latency, rate: 0.2, milliseconds: 1500, from: 1h, until: 3h, groups: [phones]}
        - {kind: bandwidth, rate: 0.5, bytes_per_second: 4000}
        - {kind: clock_skew, seconds: -7200}
        - {kind: power_loss_in_download, at_byte: 20000}
        - {kind: full_flash, bytes_left: 1000}
        - {kind: battery_ageing, share_per_day: 0.01}
        - {kind: flapping, rate: 12}
        - {kind: clock_skew, magnitude: 60}
        - {kind: brick}
      regressions:
        - {release: hey-nova:1.1.0, metric: false_accepts, factor: 3, environments: [car]}
        - {release: hey-nova:1.1.0, metric: crashes, factor: 2}
      rollouts:
        - id: ramp
          at: 6h
          plan:
            release: hey-nova:1.1.0
            cohort: device.chip == "ndp120"
        - id: text
          plan: |
            release: hey-nova:1.2.0
            cohort: "true"
      expect:
        - rollout ramp is ROLLED_BACK before 20h
        - lost acknowledged heartbeats = 0
      """;

  private Scenarios() {}
}
