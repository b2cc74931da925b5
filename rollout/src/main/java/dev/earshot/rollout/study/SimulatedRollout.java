package dev.earshot.rollout.study;

import java.util.Arrays;

/**
 * One rollout drawn from a {@link Scenario} and played minute by minute: what each device has
 * counted so far. Rules read it between calls of {@link #advanceTo}. Not thread-safe.
 *
 * <p>Arms are fixed, or, in a staged rollout, everybody starts as control and {@link #treat} moves
 * devices over. The harm of a staged rollout is drawn as events apart, which happen to a device
 * only while it is treated: a device's luck does not depend on when its turn comes.
 */
public final class SimulatedRollout {
  /** Length of a rollout. */
  public static final int MINUTES = 48 * 60;

  private static final int DAY = 24 * 60;
  private static final double HISTORY_HOURS = 24;
  private static final double BURST_SIZE = 3;
  private static final int BURST_MINUTES = 10;
  private static final int DEVICE_BITS = 24;
  private static final long HARM = 1L << DEVICE_BITS;
  private static final int MINUTE_SHIFT = DEVICE_BITS + 1;

  private final Scenario scenario;
  private final Sampler sampler;
  private final int devices;
  private final int minutes;
  private final boolean staged;
  private final boolean[] treated;
  private final int[] environment;
  private final double[] duty;
  private final int[] prior;
  private final int[] count;
  private final double[] profile;
  // Events in time order: minute in the high bits, then whether it is the harm's, then the device.
  private long[] events = new long[1 << 12];
  private int eventCount;
  private int next;
  private int[] news = new int[1 << 8];
  private int newsCount;
  private int minute;

  /** Draws a rollout with fixed arms; the same scenario and seed give the same one. */
  public SimulatedRollout(Scenario scenario, long seed) {
    this(scenario, seed, MINUTES, false);
  }

  /** A rollout of whole days in which all devices begin as control, to be treated in stages. */
  static SimulatedRollout staged(Scenario scenario, long seed, int days) {
    return new SimulatedRollout(scenario, seed, days * DAY, true);
  }

  private SimulatedRollout(Scenario scenario, long seed, int minutes, boolean staged) {
    this.scenario = scenario;
    this.minutes = minutes;
    this.staged = staged;
    sampler = new Sampler(seed);
    devices = scenario.treated() + scenario.control();
    treated = new boolean[devices];
    Arrays.fill(treated, 0, staged ? 0 : scenario.treated(), true);
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
    double ratio = scenario.ratios().get(where);
    double factor = scenario.spread().draw(sampler);
    prior[device] = history(perDay * factor);
    for (int day = 0; day < minutes / DAY; day++) {
      if (scenario.arrivals() == Scenario.Arrivals.DAILY_REDRAW) {
        factor = scenario.spread().draw(sampler);
      }
      day(device, day * DAY, perDay * factor * (treated[device] ? ratio : 1));
      if (staged) {
        day(device | HARM, day * DAY, perDay * factor * (ratio - 1));
      }
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

  private void day(long device, int start, double mean) {
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

  private void add(long device, int at) {
    if (eventCount == events.length) {
      events = Arrays.copyOf(events, 2 * eventCount);
    }
    events[eventCount++] = ((long) at << MINUTE_SHIFT) | device;
  }

  /**
   * Plays until {@code until} minutes after the start, at most the rollout's length; never back.
   */
  void advanceTo(int until) {
    newsCount = 0;
    while (next < eventCount && minuteOf(next) < until) {
      int device = (int) (events[next] & (HARM - 1));
      if ((events[next] & HARM) == 0 || treated[device]) {
        count[device]++;
        if (newsCount == news.length) {
          news = Arrays.copyOf(news, 2 * newsCount);
        }
        news[newsCount++] = next;
      }
      next++;
    }
    minute = until;
  }

  /** Moves a device of a staged rollout into the treated arm. */
  void treat(int device) {
    if (!staged) {
      throw new IllegalStateException("treat: arms are fixed (expected: a staged rollout)");
    }
    treated[device] = true;
  }

  /** What is simulated. */
  Scenario scenario() {
    return scenario;
  }

  int devices() {
    return devices;
  }

  boolean treated(int device) {
    return treated[device];
  }

  /** Index into {@link Scenario#ENVIRONMENTS}. */
  int environment(int device) {
    return environment[device];
  }

  /** Share of the time in which the device listens, 0.4 to 1. */
  double duty(int device) {
    return duty[device];
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
    return newsCount;
  }

  /** Device of the i-th event since the look before, in time order. */
  int newEvent(int i) {
    return (int) (events[news[i]] & (HARM - 1));
  }

  /** Minute, from 0, of the i-th event since the look before. */
  int newEventMinute(int i) {
    return minuteOf(news[i]);
  }

  private int minuteOf(int event) {
    return (int) (events[event] >> MINUTE_SHIFT);
  }
}
