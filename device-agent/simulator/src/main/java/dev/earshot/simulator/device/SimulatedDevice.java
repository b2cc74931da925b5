package dev.earshot.simulator.device;

import dev.earshot.agent.Agent;
import dev.earshot.agent.AgentPorts;
import dev.earshot.agent.Counters;
import dev.earshot.agent.port.Fetcher;
import dev.earshot.agent.port.Flash;
import dev.earshot.agent.port.Outbox;
import dev.earshot.agent.port.Supply;
import dev.earshot.agent.update.DeviceRecord;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.simulator.scenario.DeviceGroup;
import dev.earshot.simulator.truth.HeartbeatFates;
import dev.earshot.simulator.world.DeviceWorld;
import dev.earshot.simulator.world.Impairment;
import dev.earshot.simulator.world.RandomStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One device over all its boots: an agent with power, until the power is cut and the next boot
 * begins with nothing but what its flash holds. Every method is called on the device's loop.
 */
public final class SimulatedDevice {
  private static final Logger log = LoggerFactory.getLogger(SimulatedDevice.class);
  private static final long STREAM = 5;
  private static final Duration CRASHED_FOR = Duration.ofSeconds(5);

  /** How often, and how many times, one that is switched off looks whether all is told. */
  private static final Duration LAST_WORDS_STEP = Duration.ofSeconds(1);

  private static final int LAST_WORDS_STEPS = 60;

  private final FleetServices fleet;
  private final DeviceWorld world;
  private final Flash flash;
  private final Surroundings surroundings;
  private final FaultDice dice;
  private final DeviceClock clock;
  private final HeartbeatPath heartbeats;
  private final Orders orders;
  private final Habits habits;
  private final RandomStream random;
  private @Nullable Boot boot;
  private Whereabouts whereabouts = Whereabouts.NEW;
  private boolean over;
  private Counters earlierBoots = new Counters(0, 0, 0);

  /**
   * The loop that the device lives on, and its ways out.
   *
   * @param fetcher used on that loop
   * @param uplink used on that loop
   */
  public record Surroundings(DeviceLoop loop, Fetcher fetcher, Uplink uplink) {}

  /** Where a device is in its life. */
  public enum Whereabouts {
    /** Never switched on. */
    NEW,
    /** It has power and runs. */
    ON,
    /** It runs, but is not heard, as what listens on it has silenced it. */
    SILENT,
    /** Its owner has switched it off; it tells its last and goes. */
    LEAVING,
    /** Switched off by its owner, who will switch it on again. */
    AWAY,
    /** Without power, or crashed; it boots again by itself. */
    DARK,
    /** It never boots again. */
    BRICKED,
    /** Its flash does not let it boot. */
    DEFECT,
    /** Switched off for good. */
    OFF
  }

  /** A device of the standard group, which nothing scopes to. */
  public SimulatedDevice(
      FleetServices fleet,
      DeviceWorld world,
      Flash flash,
      Surroundings surroundings,
      long generation) {
    this(fleet, world, DeviceGroup.standard(1), flash, surroundings, generation);
  }

  /**
   * @param group that it belongs to
   * @param flash provisioned by the factory, or by earlier boots
   * @param generation as for the world: which life of the device this is
   */
  public SimulatedDevice(
      FleetServices fleet,
      DeviceWorld world,
      DeviceGroup group,
      Flash flash,
      Surroundings surroundings,
      long generation) {
    this.fleet = fleet;
    this.world = world;
    this.flash = new WitnessedFlash(flash, fleet.ledger(), this::committed);
    this.surroundings = surroundings;
    int index = world.device().index();
    DeviceLoop loop = surroundings.loop();
    this.dice =
        new FaultDice(
            fleet.faults().of(group.name()), fleet.clock(), fleet.seed(), index, generation);
    this.clock = new DeviceClock(fleet.clock(), dice);
    this.heartbeats = new HeartbeatPath(fleet, dice);
    this.orders = new Orders(fleet.catalogue(), dice, loop);
    this.random = RandomStream.of(fleet.seed(), STREAM, index, generation);
    this.habits =
        new Habits(
            group,
            world.device().environment(),
            loop,
            fleet.seed(),
            index,
            generation,
            new Owner());
  }

  /** Switches it on; without effect while it is on, or over. It connects at once. */
  public void powerOn() {
    habits.begin();
    powerOn(0);
  }

  /** Switches it off for good. What waits for acknowledgement is lost. */
  public void powerOff() {
    over = true;
    cut(whereabouts == Whereabouts.BRICKED ? Whereabouts.BRICKED : Whereabouts.OFF);
  }

  /**
   * The world stops: nothing happens to this device any more. Its open interval is closed, and its
   * heartbeats go on to be sent until {@link #drained()}. One that is silent, or has no power, will
   * never send what it has.
   */
  public void finish() {
    over = true;
    dice.putAway();
    surroundings.uplink().calm();
    Boot current = boot;
    if (current == null) {
      heartbeats.over(List.of());
      return;
    }
    current.power().run(current::end);
    if (current.connection().isSilent()) {
      heartbeats.over(current.agent().unsent());
    }
  }

  /** Whether nothing waits that will ever be sent. */
  public boolean drained() {
    return unacknowledged() == 0;
  }

  /** Heartbeats that wait to be acknowledged and may yet be. */
  public int unacknowledged() {
    Boot current = boot;
    return current == null || current.connection().isSilent()
        ? 0
        : current.agent().unsent().size() + heartbeats.held();
  }

  /**
   * What became of its heartbeats in this process, over all boots; of intervals that were never one
   * the ledger knows.
   */
  public HeartbeatFates heartbeatFates() {
    Counters sums = heartbeats();
    return new HeartbeatFates(
        sums.heartbeatsMade(),
        sums.heartbeatsAcknowledged(),
        sums.heartbeatsDropped(),
        unacknowledged(),
        0);
  }

  /** The counters of the agent, over all boots. */
  private Counters heartbeats() {
    Boot current = boot;
    return current == null ? earlierBoots : plus(earlierBoots, current.agent().counters());
  }

  /** What is in its flash now; empty while it is off. */
  public Optional<DeviceRecord> record() {
    return Optional.ofNullable(boot).map(current -> current.agent().record());
  }

  /** Where it is in its life. */
  public Whereabouts whereabouts() {
    Boot current = boot;
    return current != null && current.connection().isSilent() ? Whereabouts.SILENT : whereabouts;
  }

  private void powerOn(int unexpectedReboots) {
    if (boot != null || over || whereabouts == Whereabouts.BRICKED) {
      return;
    }
    Power power = new Power();
    try {
      Boot next = assemble(power, unexpectedReboots);
      boot = next;
      whereabouts = Whereabouts.ON;
      power.run(() -> start(next));
    } catch (IOException e) {
      whereabouts = Whereabouts.DEFECT;
      log.error("{}: does not boot: {}", world.device().id(), e.getMessage());
    }
  }

  private void start(Boot next) {
    try {
      next.agent().start();
      next.breakdowns().begin();
      next.connection().open();
    } catch (IOException e) {
      log.error("{}: does not boot: {}", world.device().id(), e.getMessage());
      cut(Whereabouts.DEFECT);
    }
  }

  private Boot assemble(Power power, int unexpectedReboots) throws IOException {
    DeviceLoop loop = surroundings.loop();
    PoweredTimers timers = new PoweredTimers(loop, power);
    Breakdowns breakdowns = new Breakdowns(timers, dice, new Mishaps());
    SimulatedListening listening =
        new SimulatedListening(
            fleet,
            world,
            timers,
            unexpectedReboots,
            (release, impairment) -> listens(power, release, impairment));
    Connection connection =
        new Connection(
            world.device().id(),
            fleet,
            FaultyUplink.of(surroundings.uplink(), dice, loop),
            timers,
            dice,
            heartbeats,
            random,
            new AgentEvents(power));
    Agent agent =
        new Agent(
            world.device().id(),
            world.device().attributes(),
            fleet.settings(),
            new AgentPorts(
                (channel, payload) -> {
                  power.require();
                  return connection.publish(channel, payload);
                },
                new PoweredFetcher(surroundings.fetcher(), power, dice, loop, this::powerFails),
                new PoweredFlash(flash, power, dice, this::powerFails),
                listening,
                timers,
                clock,
                random,
                () -> new Supply.Reading(world.charging(), world.batteryPercent()),
                Outbox.forgetful()));
    agent.onHeartbeatDropped(heartbeats::givenUp);
    return new Boot(power, timers, listening, connection, breakdowns, agent);
  }

  /** Another model listens, or it listens somewhere else. The agent may be in the middle of it. */
  private void listens(Power power, String release, Impairment impairment) {
    surroundings
        .loop()
        .execute(
            () ->
                power.run(
                    () -> {
                      Boot current = agentsBoot(power);
                      current.breakdowns().modelIs(impairment);
                      current
                          .connection()
                          .silence(dice.isSilencedBy(release, impairment.silentShare()));
                    }));
  }

  /** Dark at once, maybe in the middle of a write; back after a while. */
  private void powerFails() {
    fleet.tally().powerCut();
    goDark(dice.darkness());
  }

  private void goDark(Duration howLong) {
    boolean wasLeaving = whereabouts == Whereabouts.LEAVING;
    cut(wasLeaving ? Whereabouts.AWAY : Whereabouts.DARK);
    if (wasLeaving) {
      habits.left();
    } else {
      var _ =
          surroundings
              .loop()
              .afterFleet(
                  howLong,
                  () -> {
                    if (whereabouts == Whereabouts.DARK) {
                      powerOn(1);
                    }
                  });
    }
  }

  private void committed() {
    if (dice.bricks()) {
      var _ = surroundings.loop().afterFleet(dice.untilBricked(), this::brick);
    }
  }

  private void brick() {
    if (!over && whereabouts != Whereabouts.BRICKED) {
      fleet.ledger().bricked();
      cut(Whereabouts.BRICKED);
      heartbeats.over(List.of());
    }
  }

  private void awaitLastWords(Boot leaving, int steps) {
    if (boot != leaving || over) {
      return;
    }
    if (steps == 0 || drained()) {
      cut(Whereabouts.AWAY);
      habits.left();
    } else {
      var _ =
          surroundings.loop().afterFleet(LAST_WORDS_STEP, () -> awaitLastWords(leaving, steps - 1));
    }
  }

  private void cut(Whereabouts then) {
    whereabouts = then;
    Boot current = boot;
    if (current != null) {
      current.listening().lose();
      current.power().cut();
      earlierBoots = plus(earlierBoots, current.agent().counters());
      heartbeats.powerLost(current.agent().unsent());
      current.connection().close();
      boot = null;
      // The agent's own timers must not linger; it may be in the middle of a call now.
      surroundings.loop().execute(() -> current.agent().stop());
    }
  }

  private static Counters plus(Counters a, Counters b) {
    return new Counters(
        a.heartbeatsMade() + b.heartbeatsMade(),
        a.heartbeatsAcknowledged() + b.heartbeatsAcknowledged(),
        a.heartbeatsDropped() + b.heartbeatsDropped());
  }

  /** That boot, if it is still the device's; a call that outlived it ends here. */
  private Boot agentsBoot(Power power) {
    Boot current = boot;
    if (current == null || current.power() != power) {
      throw new Power.Lost();
    }
    return current;
  }

  private final class AgentEvents implements Connection.Events {
    private final Power power;

    AgentEvents(Power power) {
      this.power = power;
    }

    @Override
    public void connected() {
      power.run(() -> agentsBoot(power).agent().onConnected());
    }

    @Override
    public void disconnected() {
      power.run(() -> agentsBoot(power).agent().onDisconnected());
    }

    @Override
    public void command(byte[] payload) {
      orders.receive(payload, power, () -> agentsBoot(power).agent().onCommand(payload));
    }
  }

  private final class Mishaps implements Breakdowns.Happening {
    @Override
    public void powerFails() {
      SimulatedDevice.this.powerFails();
    }

    @Override
    public void crashes() {
      goDark(CRASHED_FOR);
    }

    @Override
    public void connectionBreaks() {
      Boot current = boot;
      if (current != null) {
        current.connection().breakOff();
      }
    }
  }

  private final class Owner implements Habits.Owned {
    @Override
    public void move(Environment place) {
      Boot current = boot;
      if (current == null) {
        world.moveTo(place);
      } else if (current.listening().canMoveTo(place)) {
        current.power().run(current.agent()::onEnvironmentChange);
        world.moveTo(place);
        current.power().run(current.listening()::moved);
      }
    }

    @Override
    public void leave() {
      Boot current = boot;
      if (current == null) {
        whereabouts = whereabouts == Whereabouts.DARK ? Whereabouts.AWAY : whereabouts;
        habits.left();
      } else {
        whereabouts = Whereabouts.LEAVING;
        current.power().run(current::end);
        awaitLastWords(current, LAST_WORDS_STEPS);
      }
    }

    @Override
    public void comeBack() {
      powerOn(0);
    }

    @Override
    public boolean isOver() {
      return over;
    }
  }
}
