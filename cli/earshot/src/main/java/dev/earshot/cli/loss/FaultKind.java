package dev.earshot.cli.loss;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What can go wrong. Faults of one place follow one another; those of different places meet. */
enum FaultKind {
  /** All connections of devices are reset. */
  DEVICE_CUT(Place.DEVICE_NETWORK, 0, 0),
  /** Some connections of devices end in the middle of a packet. */
  DEVICE_TORN(Place.DEVICE_NETWORK, 200, 500),
  /** Latency and little bandwidth between devices and gateway. */
  DEVICE_SLOW(Place.DEVICE_NETWORK, 1_500, 5_000),
  /** Nothing passes between devices and gateway, and nobody is told. */
  DEVICE_STALL(Place.DEVICE_NETWORK, 1_000, 9_000),
  /** What devices send arrives, the answers don't; then the connections are reset. */
  DEVICE_UNANSWERED(Place.DEVICE_NETWORK, 300, 3_000),
  /** SIGKILL, and a new process. */
  GATEWAY_KILL(Place.GATEWAY, 0, 1_500),
  /** SIGTERM, and a new process. */
  GATEWAY_DRAIN(Place.GATEWAY, 0, 1_500),
  /** SIGSTOP and SIGCONT. */
  GATEWAY_PAUSE(Place.GATEWAY, 500, 6_000),
  /** SIGTERM, and a new process on the same data. */
  BROKER_RESTART(Place.BROKER, 0, 2_500),
  /** SIGKILL, and a new process on the same data. */
  BROKER_KILL(Place.BROKER, 0, 2_500),
  /** SIGSTOP and SIGCONT. */
  BROKER_PAUSE(Place.BROKER, 500, 8_000),
  /** No room for another byte; then room again, and a new process when the old one gave up. */
  BROKER_DISK_FULL(Place.BROKER, 500, 3_000),
  /** The connections between gateway and broker are reset. */
  KAFKA_CUT(Place.BROKER_NETWORK, 0, 0),
  /** Latency and little bandwidth between gateway and broker. */
  KAFKA_SLOW(Place.BROKER_NETWORK, 1_500, 5_000),
  /** Nothing passes between gateway and broker, and nobody is told. */
  KAFKA_STALL(Place.BROKER_NETWORK, 500, 7_000),
  /** What the gateway writes arrives, the broker's answers don't; then connections are reset. */
  KAFKA_UNANSWERED(Place.BROKER_NETWORK, 300, 4_000);

  /**
   * Where something goes wrong; the rests between two faults there, ms, leave time for messages.
   */
  enum Place {
    DEVICE_NETWORK(0, 1_000, 5_000),
    GATEWAY(1, 4_000, 12_000),
    BROKER(2, 4_000, 10_000),
    BROKER_NETWORK(3, 3_000, 9_000);

    /** Tells its random numbers from the others'; a new place gets a new one. */
    final int number;

    final int shortestRest;
    final int longestRest;

    Place(int number, int shortestRest, int longestRest) {
      this.number = number;
      this.shortestRest = shortestRest;
      this.longestRest = longestRest;
    }
  }

  private final Place place;
  private final int shortest;
  private final int longest;

  FaultKind(Place place, int shortest, int longest) {
    this.place = place;
    this.shortest = shortest;
    this.longest = longest;
  }

  Place place() {
    return place;
  }

  /** How long it lasts at least, ms. */
  int shortest() {
    return shortest;
  }

  /** How long it lasts at most, ms; processes take their time to start on top. */
  int longest() {
    return longest;
  }

  /** As people write it: {@code broker-kill}. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<FaultKind> of(String label) {
    return Arrays.stream(values()).filter(kind -> kind.label().equals(label)).findFirst();
  }

  static List<String> labels() {
    return Arrays.stream(values()).map(FaultKind::label).toList();
  }
}
