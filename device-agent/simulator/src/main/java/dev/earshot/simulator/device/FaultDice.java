package dev.earshot.simulator.device;

import dev.earshot.simulator.world.RandomStream;
import java.time.Duration;

/**
 * Decides when something goes wrong for one device. The faults of an update are drawn when its
 * command arrives. Used on the device's loop.
 */
final class FaultDice {
  private static final long STREAM = 4;
  private static final double MILLIS_PER_DAY = 86_400_000;

  /** About as many writes as an update needs; a later one than it makes cuts nothing. */
  private static final int WRITES_OF_AN_UPDATE = 14;

  private final FaultPlan plan;
  private final RandomStream random;
  private boolean corruptionDue;
  private int writesUntilCut;
  private String lastCommand = "";
  private boolean over;

  FaultDice(FaultPlan plan, long seed, int device, long generation) {
    this.plan = plan;
    this.random = RandomStream.of(seed, STREAM, device, generation);
  }

  /** From now on nothing goes wrong. */
  void putAway() {
    over = true;
  }

  /** A command arrived; only the first time that it is told can it go wrong. */
  void commandArrived(String commandId) {
    if (commandId.equals(lastCommand)) {
      return;
    }
    lastCommand = commandId;
    corruptionDue = happens(plan.corruptDownloadProbability());
    writesUntilCut =
        happens(plan.powerCutProbability()) ? 1 + random.nextInt(WRITES_OF_AN_UPDATE) : 0;
  }

  boolean duplicatesHeartbeat() {
    return happens(plan.duplicateHeartbeatProbability());
  }

  /** Whether this download is the one to be damaged; true once. */
  boolean takeCorruption() {
    boolean due = corruptionDue && !over;
    corruptionDue = false;
    return due;
  }

  /** Counts a write to flash; true when the power is cut in the middle of it. */
  boolean cutsThisWrite() {
    if (writesUntilCut == 0 || over) {
      return false;
    }
    writesUntilCut--;
    return writesUntilCut == 0;
  }

  /** Which of {@code length} bytes. */
  int position(int length) {
    return random.nextInt(length);
  }

  /** Fleet time until the connection breaks next; negative for never. */
  Duration untilDisconnect() {
    return plan.disconnectsPerDay() == 0 || over
        ? Duration.ofMillis(-1)
        : Duration.ofMillis(
            1 + (long) (random.nextExponential() * MILLIS_PER_DAY / plan.disconnectsPerDay()));
  }

  /** Fleet time that the power stays away: half a minute to five minutes. */
  Duration darkness() {
    return Duration.ofSeconds(30 + random.nextInt(270));
  }

  private boolean happens(double probability) {
    return !over && probability > 0 && random.nextDouble() < probability;
  }
}
