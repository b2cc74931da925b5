package dev.earshot.gateway.limits;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.earshot.gateway.metrics.RefusalReason;
import dev.earshot.gateway.watch.Watched;
import dev.earshot.protocol.DeviceId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one gateway. Safe for any thread; nothing blocks but {@link #refresh}.
 *
 * <p>A connection passes in this order: {@link #openSocket} when it is accepted, {@link #paceNanos}
 * when its CONNECT is whole, {@link #enter} when the device has proved who it is.
 *
 * <p>What is remembered of devices and fleets without a session is bounded. A device is forgotten a
 * minute after it came or left, which is when its connect rate is as unused; so there are at most
 * as many as CONNECTs in a minute and sessions that are cut off while sending too fast, and never
 * more than {@value #MOST_DEVICES} of some 200 bytes: beyond that those seen least are forgotten. A
 * fleet is forgotten a minute after its last session.
 */
public final class Limits {
  static final int MOST_DEVICES = 250_000;
  private static final Duration QUIET = Duration.ofMinutes(1);

  private final AtomicInteger sockets = new AtomicInteger();
  private final Meter pace;
  private final Cache<DeviceId, DeviceMeters> devices;
  private final Map<String, Fleet> fleets = new ConcurrentHashMap<>();
  private final LongSupplier nanoTime;
  private final int maxConnections;
  private final long connectWaitNanos;
  private final Rate connects;
  private final Rate deviceConnects;
  private final Rate deviceMessages;
  private final FleetTable table;
  private final @Nullable Watched<FleetTable> file;

  /**
   * Reads the fleets' own limits, if there are any.
   *
   * @param maxPayloadBytes of fleets that have no limit of their own
   * @param nanoTime as {@link System#nanoTime}
   * @throws IllegalArgumentException when {@code EARSHOT_FLEET_LIMITS} can't be read, saying why
   */
  public Limits(LimitSettings settings, int maxPayloadBytes, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    maxConnections = settings.maxConnections();
    connectWaitNanos = settings.connectWait().toNanos();
    connects = settings.connects();
    deviceConnects = settings.deviceConnects();
    deviceMessages = settings.deviceMessages();
    pace = new Meter(nanoTime.getAsLong());
    FleetLimits others = settings.fleet(maxPayloadBytes);
    table = FleetTable.of(others);
    file = settings.fleetLimits().map(path -> watched(path, others)).orElse(null);
    devices =
        Caffeine.newBuilder()
            .expireAfterAccess(QUIET)
            .maximumSize(MOST_DEVICES)
            .ticker(nanoTime::getAsLong)
            .executor(Runnable::run)
            .build();
  }

  private static Watched<FleetTable> watched(Path path, FleetLimits others) {
    return new Watched<>(
        "EARSHOT_FLEET_LIMITS " + path,
        () -> Files.readAllBytes(path),
        bytes -> FleetTable.parse(bytes, others));
  }

  /** Counts a socket that was accepted; false, and not counted, when there are too many. */
  public boolean openSocket() {
    if (sockets.incrementAndGet() <= maxConnections) {
      return true;
    }
    sockets.decrementAndGet();
    return false;
  }

  /** A socket that was counted is closed. */
  public void closeSocket() {
    sockets.decrementAndGet();
  }

  /** Sockets that are open. */
  public int sockets() {
    return sockets.get();
  }

  /**
   * When a CONNECT that has arrived may go on to authentication. Its place in time is reserved.
   *
   * @return nanoseconds to wait, 0: now; -1: it would wait too long, and is to be answered busy
   */
  public long paceNanos() {
    return pace.reserve(connects, connectWaitNanos, nanoTime.getAsLong());
  }

  /**
   * Whether {@link #enter} would refuse that device at once for its own or its fleet's rate, so
   * that its CONNECT need not take a place in time from others. Counts nothing; therefore it may be
   * asked about a name that nothing proves yet, and no stranger harms a device by using its name.
   */
  public Optional<RefusalReason> foresee(DeviceId claimed) {
    long now = nanoTime.getAsLong();
    DeviceMeters meters = devices.getIfPresent(claimed);
    if (meters != null && meters.connects().untilConforming(deviceConnects, now) > 0) {
      return Optional.of(RefusalReason.DEVICE_RATE);
    }
    Fleet fleet = fleets.get(claimed.fleet());
    return fleet != null && fleet.connectsTooFast(now)
        ? Optional.of(RefusalReason.FLEET_RATE)
        : Optional.empty();
  }

  /**
   * Asks for a session of a device that has proved who it is.
   *
   * @param older the session that the device has already, which the caller ends when the device is
   *     admitted: its place in the fleet passes to the newer one, so a full fleet refuses no device
   *     because of itself. When the device is refused the older session stays as it is
   */
  public Entry enter(DeviceId device, @Nullable Membership older) {
    long now = nanoTime.getAsLong();
    DeviceMeters meters = meters(device, older, now);
    if (meters.connects().reserve(deviceConnects, 0, now) != 0) {
      return new Entry.Refused(RefusalReason.DEVICE_RATE);
    }
    // In compute, so that a fleet that is joined here is not forgotten there.
    Fleet fleet =
        fleets.compute(
            device.fleet(),
            (name, known) ->
                (known == null ? new Fleet(table().limits(name), now) : known).join(now));
    Optional<RefusalReason> refusal = refusal(fleet, older, now);
    if (refusal.isPresent()) {
      fleet.leave(now);
      return new Entry.Refused(refusal.get());
    }
    return new Entry.Admitted(new Membership(this, device, meters, fleet, now));
  }

  private DeviceMeters meters(DeviceId device, @Nullable Membership older, long now) {
    return devices.get(device, key -> older == null ? new DeviceMeters(now) : older.meters());
  }

  /** Whether a fleet that was joined already must let go again. */
  private static Optional<RefusalReason> refusal(
      Fleet fleet, @Nullable Membership older, long now) {
    if (older == null && fleet.isOverfull()) {
      return Optional.of(RefusalReason.FLEET_CONNECTIONS);
    }
    if (!fleet.mayConnect(now)) {
      return Optional.of(RefusalReason.FLEET_RATE);
    }
    // Last, for a place that was handed on can't be given back.
    if (older != null && !older.handOn() && fleet.isOverfull()) {
      return Optional.of(RefusalReason.FLEET_CONNECTIONS);
    }
    return Optional.empty();
  }

  /** Looks at the fleets' file again, and forgets fleets that are gone. Blocks; one at a time. */
  public synchronized void refresh() {
    Watched<FleetTable> watched = file;
    if (watched != null) {
      watched.refresh();
    }
    FleetTable now = table();
    // Each time, not only after a change: a fleet may have come while the table was changed.
    fleets.forEach((name, fleet) -> fleet.limits(now.limits(name)));
    for (String name : fleets.keySet()) {
      fleets.computeIfPresent(
          name,
          (key, fleet) ->
              fleet.isForgettable(QUIET.toNanos(), nanoTime.getAsLong()) ? null : fleet);
    }
    devices.cleanUp();
  }

  /** Why the fleets' file can't be used; empty when it is in force, or there is none. */
  public String problem() {
    Watched<FleetTable> watched = file;
    return watched == null ? "" : watched.problem();
  }

  private FleetTable table() {
    Watched<FleetTable> watched = file;
    return watched == null ? table : watched.get();
  }

  /** Keeps what a device that leaves has done, when it matters for its next session. */
  void remember(DeviceId device, DeviceMeters meters) {
    if (!meters.messages().isIdle(nanoTime.getAsLong())) {
      devices.asMap().putIfAbsent(device, meters);
    }
  }

  Rate deviceMessages() {
    return deviceMessages;
  }

  long nowNanos() {
    return nanoTime.getAsLong();
  }

  /** Devices and fleets that are remembered. */
  int remembered() {
    devices.cleanUp();
    return Math.toIntExact(devices.estimatedSize()) + fleets.size();
  }
}
