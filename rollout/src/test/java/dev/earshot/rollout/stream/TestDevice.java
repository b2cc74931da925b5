package dev.earshot.rollout.stream;

import com.google.protobuf.ByteString;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.v1.DeviceAttributes;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.DeviceStatus;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.Slot;
import dev.earshot.protocol.v1.SlotContent;
import dev.earshot.protocol.v1.UpdateReport;
import dev.earshot.protocol.v1.UpdateResult;
import dev.earshot.protocol.v1.UpdateState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** One device of a {@link TestFleet}: does what it is told, or fails as it was made to. */
final class TestDevice {
  /** How it takes an update. */
  enum Manner {
    OBEDIENT,
    FAILING,
    FAILING_ONCE,
    /** Says that it waits for the charger. */
    WAITING,
    SILENT
  }

  final DeviceId id;
  final Environment environment;
  final double noisiness;
  final List<DeviceCommand> told = new ArrayList<>();
  final TestDirector director = new TestDirector();

  /** What it believes the time to be: before it hears of a later one, nothing. */
  Instant clock = Instant.EPOCH;

  Manner manner = Manner.OBEDIENT;
  String active;
  String other = "";
  String chip = "ndp120";
  int utcOffsetMinutes;
  private UpdateReport report = UpdateReport.getDefaultInstance();
  private int statuses;
  private int heartbeats;

  TestDevice(DeviceId id, String active, Environment environment, double noisiness) {
    this.id = id;
    this.active = active;
    this.environment = environment;
    this.noisiness = noisiness;
  }

  /** Works on a command; returns the statuses that it sends. */
  List<DeviceStatus> obey(DeviceCommand command) {
    told.add(command);
    director.take(id, command, clock);
    if (manner == Manner.SILENT) {
      return List.of();
    }
    if (command.getCommandId().equals(report.getCommandId())) {
      return List.of(status());
    }
    List<DeviceStatus> answers = new ArrayList<>();
    if (command.hasInstall()) {
      if (manner == Manner.WAITING) {
        answers.add(deferred(command));
        return answers;
      }
      answers.add(report(command, command.getInstall().getRelease(), UpdateState.DOWNLOADING));
      if (manner == Manner.FAILING_ONCE) {
        manner = Manner.OBEDIENT;
        answers.add(report(command, command.getInstall().getRelease(), UpdateState.FAILED));
        return answers;
      }
      if (manner == Manner.FAILING) {
        answers.add(report(command, command.getInstall().getRelease(), UpdateState.FAILED));
        return answers;
      }
      other = active;
      active = command.getInstall().getRelease();
      answers.add(report(command, active, UpdateState.TRIAL));
      answers.add(report(command, active, UpdateState.COMMITTED));
    } else if (command.hasRevert()) {
      other = active;
      active = command.getRevert().getRelease();
      answers.add(report(command, active, UpdateState.ROLLED_BACK));
    }
    return answers;
  }

  /** The same devices vanish, however often one asks. */
  boolean isHeard(TestBehaviour now) {
    return Math.floorMod(id.hashCode() * 0x9E3779B9, 1_000) >= now.vanishing() * 1_000;
  }

  DeviceStatus status() {
    return DeviceStatus.newBuilder()
        .setBootId(1)
        .setSequence(statuses++)
        .setAttributes(
            DeviceAttributes.newBuilder()
                .setChip(chip)
                .setRegion("eu")
                .setUtcOffsetMinutes(utcOffsetMinutes))
        .setActiveSlot(Slot.SLOT_A)
        .addSlots(SlotContent.newBuilder().setSlot(Slot.SLOT_A).setRelease(active))
        .addSlots(SlotContent.newBuilder().setSlot(Slot.SLOT_B).setRelease(other))
        .setUpdate(report)
        .build();
  }

  Heartbeat heartbeat(long intervalMillis, TestBehaviour behaviour, RandomGenerator random) {
    double hours = intervalMillis / 3_600_000.0;
    double mean = behaviour.falseAcceptsPerHour() * noisiness * hours;
    double milliwatts =
        0.14 * noisiness * behaviour.power() * Math.exp(0.1 * random.nextGaussian());
    int falseAccepts = poisson(mean, random);
    boolean reboots = random.nextDouble() < behaviour.rebootsPerHour() * hours;
    return Heartbeat.newBuilder()
        .setBootId(1)
        .setSequence(heartbeats++)
        .setIntervalMs((int) intervalMillis)
        .setRelease(active)
        .setModelDigest(ByteString.EMPTY)
        .setEnvironment(environment)
        .setListeningMs((int) intervalMillis)
        .setFalseAccepts(falseAccepts)
        .setWakes(falseAccepts + poisson(behaviour.wakesPerHour() * hours, random))
        .setSuspectedFalseRejects(random.nextInt(2))
        .setNdpEnergyUj((long) (milliwatts * intervalMillis))
        .setBatterySocPctDrop((float) (hours * behaviour.drain() * noisiness))
        .setBatteryDischargeDurationMs((int) intervalMillis)
        .setOperationalCrashfreeMs((int) intervalMillis)
        .setUnexpectedReboots(reboots ? 1 : 0)
        .build();
  }

  private DeviceStatus deferred(DeviceCommand command) {
    report(command, command.getInstall().getRelease(), UpdateState.DOWNLOADING);
    report =
        report.toBuilder()
            .setResult(UpdateResult.UPDATE_DEFERRED)
            .setText("waits for the charger")
            .build();
    return status();
  }

  /** The charger is there: what waited goes on to its end. */
  List<DeviceStatus> charge() {
    DeviceCommand command = told.getLast();
    manner = Manner.OBEDIENT;
    other = active;
    active = command.getInstall().getRelease();
    return List.of(
        report(command, active, UpdateState.DOWNLOADED),
        report(command, active, UpdateState.COMMITTED));
  }

  private DeviceStatus report(DeviceCommand command, String release, UpdateState state) {
    report =
        UpdateReport.newBuilder()
            .setCommandId(command.getCommandId())
            .setRollout(command.getRollout())
            .setRelease(release)
            .setState(state)
            .setResult(
                state == UpdateState.FAILED
                    ? UpdateResult.INTEGRITY_CHECK_FAILURE
                    : UpdateResult.SUCCESS)
            .build();
    return status();
  }

  private static int poisson(double mean, RandomGenerator random) {
    double limit = Math.exp(-mean);
    double product = random.nextDouble();
    int count = 0;
    while (product > limit) {
      product *= random.nextDouble();
      count++;
    }
    return count;
  }
}
