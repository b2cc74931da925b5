package dev.earshot.rollout.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Devices that differ in how noisy they are (gamma of shape 1) and listen for a share of the time,
 * with a day of history; advanced step by step. Deterministic from its seed.
 */
final class Fleet {
  private final SplittableRandom random;
  private final List<Member> members = new ArrayList<>();

  private static final class Member {
    final String id;
    final String stratum;
    final boolean treated;
    final double rate;
    final double duty;
    final double priorHours;
    final long prior;
    double hours;
    long count;

    Member(
        String id,
        String stratum,
        boolean treated,
        double rate,
        double duty,
        double priorHours,
        long prior) {
      this.id = id;
      this.stratum = stratum;
      this.treated = treated;
      this.rate = rate;
      this.duty = duty;
      this.priorHours = priorHours;
      this.prior = prior;
    }
  }

  Fleet(long seed) {
    random = new SplittableRandom(seed);
  }

  /** Adds devices of mean {@code rate} events per hour, in the old release's state. */
  Fleet add(String stratum, boolean treated, int devices, double rate, double ratio) {
    for (int i = 0; i < devices; i++) {
      double own = rate * exponential();
      double duty = 0.4 + 0.6 * random.nextDouble();
      long prior = poisson(own * duty * 24);
      String id = "test/" + members.size();
      members.add(
          new Member(id, stratum, treated, own * (treated ? ratio : 1), duty, duty * 24, prior));
    }
    return this;
  }

  /** Lets {@code hours} pass. */
  void advance(double hours) {
    for (Member member : members) {
      member.hours += member.duty * hours;
      member.count += poisson(member.rate * member.duty * hours);
    }
  }

  List<Device> devices() {
    List<Device> devices = new ArrayList<>();
    for (Member m : members) {
      devices.add(
          new Device(
              m.id,
              m.stratum,
              m.treated,
              new DeviceCounts(m.hours, m.count, m.priorHours, m.prior)));
    }
    return devices;
  }

  double exponential() {
    return -Math.log1p(-random.nextDouble());
  }

  /** Arrivals of a unit-rate process before {@code mean}. */
  private long poisson(double mean) {
    long arrivals = 0;
    for (double at = exponential(); at < mean; at += exponential()) {
      arrivals++;
    }
    return arrivals;
  }
}
