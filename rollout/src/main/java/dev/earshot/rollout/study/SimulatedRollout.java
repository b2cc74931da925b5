package dev.earshot.rollout.study;

import java.util.Arrays;

/**
 * One rollout drawn from a {@link Scenario} and played minute by minute: what each device has
 * counted so far. Rules read it between calls of {@link #advanceTo}. Not thread-safe.
 */
public final class SimulatedRollout {
  /** Length of a rollout. */
  public static final int MINUTES = 48 * 60;

  private static final int DAY = 24 * 60;
  private static final double HISTORY_HOURS = 24;
  private static final double BURST_SIZE = 3;
  private static final int BURST_MINUTES = 10;
  private static final int DEVICE_BITS = 24;

  private final Scenario scenario;
  private final Sampler sampler;
  private final int devices;
  private final int[] environment;
  private final double[] duty;
  private final int[] prior;
  private final int[] count;
  private final double[] profile;
  // Events in time order, minute in the high bits and device in the low ones.
  private long[] events = new long[1 << 12];
  private int eventCount;
  private int next;
  private int newFrom;
  private int minute;

  /** Draws a rollout; the same scenario and seed give the same one. */
  public SimulatedRollout(Scenario scenario, long seed) {
    this.scenario = scenario;
    sampler = new Sampler(seed);
    devices = scenario.treated() + scenario.control();
    environment = new int[devices];
    duty = new double[devices];
    prior = new int[devices];
    count = new int[devices];
    profile = dayProfile(sampler.uniform());
    for (int device = 0; device < devices; device++) {
      draw(device);
    }
    Arrays.sort(events, 0, eventCount);
  }

  /**
   * Cumulative activity of one day in minutes, from the (random) time of day at which it starts.
   */
  private static double[] dayProfile(double startOfDay) {
    double[] cumulative = new double[DAY + 1];
    for (int i = 0; i < DAY; i++) {
      double phase = 2 * Math.PI * ((i + 0.5) / DAY + startOfDay);
      cumulative[i + 1] = cumulative[i] + 1 + 0.6 * Math.sin(phase);
    }
    return cumulative;
  }

  private void draw(int device) {
    double at = sampler.uniform();
    int where = 0;
    while (where < Scenario.ENVIRONMENTS.size() - 1
        && at >= Scenario.ENVIRONMENTS.get(where).share()) {
      at -= Scenario.ENVIRONMENTS.get(where).share();
      where++;
    }
    environment[device] = where;
    duty[device] = 0.4 + 0.6 * sampler.uniform();
    double base = Scenario.ENVIRONMENTS.get(where).ratePerHour() * scenario.rateFactor();
    double perDay = base * duty[device] * 24;
    double ratio = treated(device) ? scenario.ratios().get(where) : 1;
    double factor = scenario.spread().draw(sampler);
    prior[device] = history(perDay * factor);
    for (int day = 0; day < MINUTES / DAY; day++) {
      if (scenario.arrivals() == Scenario.Arrivals.DAILY_REDRAW) {
        factor = scenario.spread().draw(sampler);
      }
      day(device, day * DAY, perDay * factor * ratio);
    }
  }

  private int history(double mean) {
    if (scenario.arrivals() != Scenario.Arrivals.BURSTS) {
      return sampler.poisson(mean);
    }
    int total = 0;
    for (int burst = sampler.poisson(mean / BURST_SIZE); burst > 0; burst--) {
      total += sampler.geometric(BURST_SIZE);
    }
    return total;
  }

  private void day(int device, int start, double mean) {
    boolean bursts = scenario.arrivals() == Scenario.Arrivals.BURSTS;
    for (int i = sampler.poisson(bursts ? mean / BURST_SIZE : mean); i > 0; i--) {
      double target = sampler.uniform() * profile[DAY];
      int found = Arrays.binarySearch(profile, target);
      int at = start + Math.min(DAY - 1, found >= 0 ? found : -found - 2);
      add(device, at);
      for (int more = bursts ? sampler.geometric(BURST_SIZE) - 1 : 0; more > 0; more--) {
        add(device, at + sampler.below(BURST_MINUTES));
      }
    }
  }

  private void add(int device, int at) {
    if (eventCount == events.length) {
      events = Arrays.copyOf(events, 2 * eventCount);
    }
    events[eventCount++] = ((long) at << DEVICE_BITS) | device;
  }

  /** Plays until {@code minutes} after the start, at most {@link #MINUTES}; never back. */
  void advanceTo(int minutes) {
    newFrom = next;
    while (next < eventCount && events[next] >> DEVICE_BITS < minutes) {
      count[device(next)]++;
      next++;
    }
    minute = minutes;
  }

  /** What is simulated. */
  Scenario scenario() {
    return scenario;
  }

  int devices() {
    return devices;
  }

  boolean treated(int device) {
    return device < scenario.treated();
  }

  /** Index into {@link Scenario#ENVIRONMENTS}. */
  int environment(int device) {
    return environment[device];
  }

  double exposureHours(int device) {
    return duty[device] * minute / 60;
  }

  int count(int device) {
    return count[device];
  }

  double priorExposureHours(int device) {
    return duty[device] * HISTORY_HOURS;
  }

  int priorCount(int device) {
    return prior[device];
  }

  int minute() {
    return minute;
  }

  /** How active the world has been so far compared with a whole day, by the true daily profile. */
  double activity() {
    double days = Math.floorDiv(minute, DAY);
    return (days * profile[DAY] + profile[minute % DAY]) / minute * (DAY / profile[DAY]);
  }

  /** Number of events since the look before; see {@link #newEvent}. */
  int newEvents() {
    return next - newFrom;
  }

  /** Device of the i-th event since the look before, in time order. */
  int newEvent(int i) {
    return device(newFrom + i);
  }

  private int device(int event) {
    return (int) (events[event] & ((1L << DEVICE_BITS) - 1));
  }
}
