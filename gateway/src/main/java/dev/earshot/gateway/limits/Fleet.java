package dev.earshot.gateway.limits;

import java.util.concurrent.atomic.AtomicInteger;

/** One fleet's sessions on this gateway. Safe for any thread but where it says otherwise. */
final class Fleet {
  private final Meter connects;
  private final Meter messages;
  private final AtomicInteger places = new AtomicInteger();
  private volatile FleetLimits limits;
  private volatile long lastSeenNanos;

  Fleet(FleetLimits limits, long nowNanos) {
    this.limits = limits;
    connects = new Meter(nowNanos);
    messages = new Meter(nowNanos);
    lastSeenNanos = nowNanos;
  }

  FleetLimits limits() {
    return limits;
  }

  void limits(FleetLimits now) {
    limits = now;
  }

  /** Takes a place whether or not there is one. */
  Fleet join(long nowNanos) {
    places.incrementAndGet();
    lastSeenNanos = nowNanos;
    return this;
  }

  /** Gives a place back. */
  void leave(long nowNanos) {
    places.decrementAndGet();
    lastSeenNanos = nowNanos;
  }

  int places() {
    return places.get();
  }

  /** Whether more places are taken than there are. */
  boolean isOverfull() {
    int most = limits.connections();
    return most > 0 && places.get() > most;
  }

  /** Counts a connect, unless it comes too fast. */
  boolean mayConnect(long nowNanos) {
    return connects.reserve(limits.connects(), 0, nowNanos) == 0;
  }

  /** Whether a connect would come too fast now. */
  boolean connectsTooFast(long nowNanos) {
    return connects.untilConforming(limits.connects(), nowNanos) > 0;
  }

  /**
   * Counts a message. As long as the fleet keeps to its rate nobody waits. When it does not, those
   * wait that have sent more than an equal share of it (the rate by the number of sessions), and no
   * longer than until the fleet is back at its rate: a device that sends little is not slowed for
   * the sake of one that sends much, and what some leave of their share others may use.
   *
   * @param share how much of its share the session has used; the session's event loop
   * @return nanoseconds for which the session's socket is not to be read
   */
  long message(Meter share, long nowNanos) {
    Rate rate = limits.messages();
    if (rate.isUnlimited()) {
      return 0;
    }
    long untilFleetConforms = messages.take(rate, nowNanos);
    long interval = rate.intervalNanos() * Math.max(1, places.get());
    // At least one interval, or a session that keeps exactly to its share would be paused.
    long tolerance = Math.max(rate.toleranceNanos(), interval);
    long untilShareConforms = share.takeAlone(interval, tolerance, nowNanos);
    if (untilFleetConforms == 0) {
      // Nothing is held against those who used what nobody else needed.
      share.forgive(tolerance, nowNanos);
      return 0;
    }
    return Math.min(untilFleetConforms, untilShareConforms);
  }

  /** Whether it may be forgotten: nobody is here, and its meters are as new ones are. */
  boolean isForgettable(long quietNanos, long nowNanos) {
    return places.get() == 0
        && nowNanos - lastSeenNanos > quietNanos
        && connects.isIdle(nowNanos)
        && messages.isIdle(nowNanos);
  }
}
