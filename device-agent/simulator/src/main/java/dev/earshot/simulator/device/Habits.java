package dev.earshot.simulator.device;

import dev.earshot.protocol.v1.Environment;
import dev.earshot.simulator.scenario.DeviceGroup;
import dev.earshot.simulator.scenario.DeviceGroup.Move;
import dev.earshot.simulator.world.RandomStream;
import java.time.Duration;
import java.util.List;

/**
 * What a device's owner does with it, whether it has power or not: carries it elsewhere and back,
 * switches it off and on. Used on the device's loop.
 */
final class Habits {
  private static final long STREAM = 6;
  private static final double MILLIS_PER_DAY = 86_400_000;

  private final DeviceGroup.Churn churn;
  private final List<Move> moves;
  private final Environment home;
  private final DeviceLoop loop;
  private final Owned device;
  private final RandomStream movesRandom;
  private final RandomStream churnRandom;
  private boolean begun;

  /** The device in its owner's hands. */
  interface Owned {
    /** It is somewhere else from now on. */
    void move(Environment place);

    /** It is to be switched off; {@link Habits#left()} is called when it is. */
    void leave();

    /** It is switched on. */
    void comeBack();

    /** Whether the world has stopped for it. */
    boolean isOver();
  }

  Habits(
      DeviceGroup group,
      Environment home,
      DeviceLoop loop,
      long seed,
      int index,
      long generation,
      Owned device) {
    this.churn = group.churn();
    this.moves = group.moves().stream().filter(move -> move.from() == home).toList();
    this.home = home;
    this.loop = loop;
    this.device = device;
    this.movesRandom = RandomStream.of(seed, STREAM, index, generation, 1);
    this.churnRandom = RandomStream.of(seed, STREAM, index, generation, 2);
  }

  /** The device's life begins; without effect when it has begun. */
  void begin() {
    if (!begun) {
      begun = true;
      planMove();
      planLeave();
    }
  }

  /** It is switched off now. */
  void left() {
    after(churnRandom.nextExponential() * churn.awayFor().toMillis(), this::comeBack);
  }

  private void comeBack() {
    device.comeBack();
    planLeave();
  }

  private void planLeave() {
    if (churn.leavesPerDay() > 0) {
      after(churnRandom.nextExponential() * MILLIS_PER_DAY / churn.leavesPerDay(), device::leave);
    }
  }

  private void planMove() {
    double perDay = moves.stream().mapToDouble(Move::perDay).sum();
    if (perDay > 0) {
      after(movesRandom.nextExponential() * MILLIS_PER_DAY / perDay, () -> move(perDay));
    }
  }

  private void move(double perDay) {
    double at = movesRandom.nextDouble() * perDay;
    Move chosen = moves.getLast();
    for (Move move : moves) {
      at -= move.perDay();
      if (at < 0) {
        chosen = move;
        break;
      }
    }
    device.move(chosen.to());
    after(
        movesRandom.nextExponential() * chosen.stay().toMillis(),
        () -> {
          device.move(home);
          planMove();
        });
  }

  private void after(double millis, Runnable task) {
    var _ =
        loop.afterFleet(
            Duration.ofMillis(1 + (long) millis),
            () -> {
              if (!device.isOver()) {
                task.run();
              }
            });
  }
}
