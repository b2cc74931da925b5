package dev.earshot.simulator.world;

import dev.earshot.agent.port.ActiveModel;
import dev.earshot.ndp.chip.ChipProfile;
import dev.earshot.ndp.chip.EnergyModel;
import dev.earshot.protocol.v1.Environment;

/**
 * Everything around one device, over all its boots: what it hears, what it draws from its battery.
 * Time passes when it is told to. Used by one thread at a time.
 */
public final class DeviceWorld {
  /** What it costs the host to wake, check with the second stage and sleep again. */
  private static final double MICROJOULES_PER_WAKE = 30_000;

  private static final double MICROJOULES_PER_MILLIWATT_HOUR = 3.6e6;
  private static final long STREAM = 3;

  private final DeviceProfile device;
  private final Acoustics acoustics;
  private final EnergyModel energy;
  private final Battery battery;
  private final Ageing ageing;
  private final Interval interval = new Interval();
  private Environment environment;
  private double chipCarry;

  /**
   * A cell, and how it ages.
   *
   * @param capacityMilliwattHours at the start
   * @param ageing what becomes of it
   */
  public record Cell(double capacityMilliwattHours, Ageing ageing) {
    /** A new 300 mAh cell at 3.7 V that stays new. */
    public static final Cell STANDARD = new Cell(1110, atMillis -> 1);
  }

  /** How a cell ages. */
  @FunctionalInterface
  public interface Ageing {
    /** Share of the capacity at the start that is left then (Unix milliseconds), above 0. */
    double capacityLeft(long atMillis);
  }

  /** The world of a device with a cell that stays new. */
  public DeviceWorld(DeviceProfile device, Acoustics acoustics, long seed) {
    this(device, acoustics, Cell.STANDARD, seed);
  }

  /** The world of a device whose chip the engine knows. */
  public DeviceWorld(DeviceProfile device, Acoustics acoustics, Cell cell, long seed) {
    this.device = device;
    this.environment = device.environment();
    this.ageing = cell.ageing();
    this.acoustics = acoustics;
    this.energy = EnergyModel.of(ChipProfile.byId(device.attributes().getChip()).orElseThrow());
    this.battery =
        new Battery(
            .3 + .7 * RandomStream.of(seed, STREAM, device.index()).nextDouble(),
            cell.capacityMilliwattHours() * MICROJOULES_PER_MILLIWATT_HOUR);
  }

  public DeviceProfile device() {
    return device;
  }

  /** Where it is now. */
  public Environment environment() {
    return environment;
  }

  /** It is moved. What happened before is closed already: an interval has one environment. */
  public void moveTo(Environment place) {
    environment = place;
  }

  /** From now on that model listens. */
  public void use(ActiveModel model) {
    acoustics.use(model);
  }

  /** Lets fleet time pass (Unix milliseconds) with that model listening. */
  public void advance(long fromMillis, long toMillis, Behaviour behaviour) {
    long inferencesBefore = interval.inferences;
    long listenedBefore = interval.listeningMillis;
    int wakesBefore = interval.wakes;
    acoustics.advance(fromMillis, toMillis, behaviour, interval);
    interval.latencyBucket = behaviour.latencyBucket();
    double chip =
        energy.listeningMicrojoules(
                    behaviour.work(),
                    interval.inferences - inferencesBefore,
                    (double) (interval.listeningMillis - listenedBefore))
                * device.chipEnergyFactor()
                * behaviour.impairment().chipPower()
            + chipCarry;
    long chipMicrojoules = (long) chip;
    chipCarry = chip - chipMicrojoules;
    interval.chipMicrojoules += chipMicrojoules;
    long millis = Math.max(0, toMillis - fromMillis);
    battery.advance(
        millis,
        behaviour.impairment().drain()
            * (chipMicrojoules
                + device.hostPowerMilliwatts() * millis
                + (interval.wakes - wakesBefore) * MICROJOULES_PER_WAKE),
        ageing.capacityLeft(toMillis),
        interval);
  }

  /** What happened since {@link #startInterval()}. Valid until time passes again. */
  public Interval interval() {
    return interval;
  }

  /** Forgets what happened; the battery stays as it is. */
  public void startInterval() {
    interval.clear();
  }

  /** State of charge, 0 to 100. */
  public double batteryPercent() {
    return battery.percent();
  }

  public boolean charging() {
    return battery.charging();
  }
}
