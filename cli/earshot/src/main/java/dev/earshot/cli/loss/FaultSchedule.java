package dev.earshot.cli.loss;

import dev.earshot.cli.loss.FaultKind.Place;
import dev.earshot.cli.loss.Network.Speed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What goes wrong where, in which order and for how long: all of it follows from the seed. A longer
 * run goes on where a shorter one ends. How a fault meets the messages on their way is not in it:
 * the same schedule on the same machine meets them differently.
 */
record FaultSchedule(Map<Place, List<Fault>> faults) {
  private static final int SLOWEST_LATENCY = 250;
  private static final int FASTEST = 32 << 10;
  private static final int SLOWEST = 2 << 10;

  FaultSchedule {
    Map<Place, List<Fault>> copied = new EnumMap<>(Place.class);
    faults.forEach((place, list) -> copied.put(place, List.copyOf(list)));
    faults = Collections.unmodifiableMap(copied);
  }

  /**
   * One fault.
   *
   * @param restMillis since the end of the one before
   * @param holdMillis how long it lasts
   * @param speed of a slow network
   * @param share of the connections that are torn, 0 to 1
   * @param seed of what is chosen while it happens
   */
  record Fault(
      FaultKind kind, int restMillis, int holdMillis, Speed speed, double share, long seed) {
    @Override
    public String toString() {
      String text =
          String.format(
              Locale.ROOT,
              "+%.1f s %s for %.1f s",
              restMillis / 1e3,
              kind.label(),
              holdMillis / 1e3);
      return switch (kind) {
        case DEVICE_SLOW, KAFKA_SLOW ->
            text + " (%d ms, %d B/s)".formatted(speed.latencyMillis(), speed.bytesPerSecond());
        case DEVICE_TORN -> text + " (%.0f %%)".formatted(100 * share);
        case DEVICE_CUT,
            DEVICE_STALL,
            DEVICE_UNANSWERED,
            GATEWAY_KILL,
            GATEWAY_DRAIN,
            GATEWAY_PAUSE,
            BROKER_RESTART,
            BROKER_KILL,
            BROKER_PAUSE,
            BROKER_DISK_FULL,
            KAFKA_CUT,
            KAFKA_STALL,
            KAFKA_UNANSWERED ->
            text;
      };
    }
  }

  /** Draws one: every kind of a place comes once before any comes again. */
  static FaultSchedule draw(long seed, Duration length, Set<FaultKind> kinds) {
    Map<Place, List<Fault>> faults = new EnumMap<>(Place.class);
    for (Place place : Place.values()) {
      // Each place has random numbers of its own, so that leaving out others changes nothing here.
      SplittableRandom random = new SplittableRandom(seed * Place.values().length + place.number);
      List<FaultKind> there =
          kinds.stream().filter(kind -> kind.place() == place).sorted().toList();
      List<Fault> list = new ArrayList<>();
      long millis = 0;
      List<FaultKind> deck = new ArrayList<>();
      while (!there.isEmpty() && millis < length.toMillis()) {
        if (deck.isEmpty()) {
          deck.addAll(there);
          Collections.shuffle(deck, random);
        }
        Fault next = draw(deck.removeLast(), random);
        millis += next.restMillis() + next.holdMillis();
        list.add(next);
      }
      faults.put(place, list);
    }
    return new FaultSchedule(faults);
  }

  private static Fault draw(FaultKind kind, SplittableRandom random) {
    Place place = kind.place();
    return new Fault(
        kind,
        random.nextInt(place.shortestRest, place.longestRest),
        random.nextInt(kind.shortest(), kind.longest() + 1),
        new Speed(random.nextInt(5, SLOWEST_LATENCY), random.nextInt(SLOWEST, FASTEST)),
        0.2 + 0.8 * random.nextDouble(),
        random.nextLong());
  }

  /** What goes wrong there, one after the other. */
  List<Fault> at(Place place) {
    return faults.getOrDefault(place, List.of());
  }

  /** A line for each place. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    faults.forEach(
        (place, list) -> {
          if (!list.isEmpty()) {
            lines.add(
                place.name().toLowerCase(Locale.ROOT).replace('_', ' ')
                    + ": "
                    + String.join(", ", list.stream().map(Fault::toString).toList()));
          }
        });
    return lines;
  }
}
