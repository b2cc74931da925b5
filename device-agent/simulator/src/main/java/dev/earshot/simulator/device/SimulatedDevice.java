package dev.earshot.simulator.device;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.earshot.agent.Agent;
import dev.earshot.agent.Counters;
import dev.earshot.agent.AgentPorts;
import dev.earshot.agent.port.Fetcher;
import dev.earshot.agent.port.Flash;
import dev.earshot.agent.update.DeviceRecord;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.simulator.world.DeviceWorld;
import dev.earshot.simulator.world.RandomStream;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
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

  private final FleetServices fleet;
  private final DeviceWorld world;
  private final Flash flash;
  private final Surroundings surroundings;
  private final FaultDice dice;
  private final RandomStream random;
  private @Nullable Boot boot;
  private CompletionStage<?> commands = CompletableFuture.completedFuture(null);
  private boolean over;
  private Counters earlierBoots = new Counters(0, 0, 0);

  /**
   * The loop that the device lives on, and its ways out.
   *
   * @param fetcher used on that loop
   * @param uplink used on that loop
   */
  public record Surroundings(DeviceLoop loop, Fetcher fetcher, Uplink uplink) {}

  /** What exists only while there is power. */
  private record Boot(
      Power power,
      PoweredTimers timers,
      SimulatedListening listening,
      Connection connection,
      Agent agent) {}

  /**
   * @param flash provisioned by the factory, or by earlier boots
   * @param generation as for the world: which life of the device this is
   */
  public SimulatedDevice(
      FleetServices fleet,
      DeviceWorld world,
      Flash flash,
      Surroundings surroundings,
      long generation) {
    this.fleet = fleet;
    this.world = world;
    this.flash = new WitnessedFlash(flash, fleet.ledger());
    this.surroundings = surroundings;
    int index = world.device().index();
    this.dice = new FaultDice(fleet.faults(), fleet.seed(), index, generation);
    this.random = RandomStream.of(fleet.seed(), STREAM, index, generation);
  }

  /** Switches it on; without effect while it is on, or over. It connects at once. */
  public void powerOn() {
    powerOn(0);
  }

  /** Switches it off for good. What waits for acknowledgement is lost. */
  public void powerOff() {
    over = true;
    cut();
  }

  /**
   * The world stops: nothing happens to this device any more. Its open interval is closed, and its
   * heartbeats go on to be sent until {@link #drained()}.
   */
  public void finish() {
    over = true;
    dice.putAway();
    Boot current = boot;
    if (current != null) {
      current.power().run(() -> finish(current));
    }
  }

  /** Whether nothing waits to be acknowledged. */
  public boolean drained() {
    return unacknowledged() == 0;
  }

  /** Heartbeats that wait to be acknowledged. */
  public int unacknowledged() {
    Boot current = boot;
    return current == null ? 0 : current.agent().unsent().size();
  }

  /**
   * What became of its heartbeats in this process, over all boots. Those that were neither
   * acknowledged nor dropped wait, or were destroyed by a power cut.
   */
  public Counters heartbeats() {
    Boot current = boot;
    return current == null ? earlierBoots : plus(earlierBoots, current.agent().counters());
  }

  /** What is in its flash now; empty while it is off. */
  public Optional<DeviceRecord> record() {
    return Optional.ofNullable(boot).map(current -> current.agent().record());
  }

  private void powerOn(int unexpectedReboots) {
    if (boot != null || over) {
      return;
    }
    Power power = new Power();
    try {
      Boot next = assemble(power, unexpectedReboots);
      boot = next;
      power.run(() -> start(next));
    } catch (IOException e) {
      log.error("{}: does not boot: {}", world.device().id(), e.getMessage());
    }
  }

  private void start(Boot next) {
    try {
      next.agent().start();
      next.connection().open();
    } catch (IOException e) {
      log.error("{}: does not boot: {}", world.device().id(), e.getMessage());
      cut();
    }
  }

  private Boot assemble(Power power, int unexpectedReboots) throws IOException {
    PoweredTimers timers = new PoweredTimers(surroundings.loop(), power);
    SimulatedListening listening = new SimulatedListening(fleet, world, timers, unexpectedReboots);
    Connection connection =
        new Connection(
            world.device().id(),
            fleet,
            surroundings.uplink(),
            timers,
            dice,
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
                new PoweredFetcher(surroundings.fetcher(), power, dice),
                new PoweredFlash(flash, power, dice, this::loseAndReboot),
                listening,
                timers,
                fleet.clock(),
                random));
    return new Boot(power, timers, listening, connection, agent);
  }

  private void finish(Boot current) {
    current.listening().end();
    current.timers().freezeFleetTime();
    current.agent().closeInterval();
  }

  /** In the middle of a write: dark at once, back after a while. */
  private void loseAndReboot() {
    fleet.tally().powerCut();
    cut();
    var _ = surroundings.loop().afterFleet(dice.darkness(), () -> powerOn(1));
  }

  private void cut() {
    Boot current = boot;
    if (current != null) {
      current.listening().lose();
      current.power().cut();
      earlierBoots = plus(earlierBoots, current.agent().counters());
      current.connection().close();
      boot = null;
      // The agent's own timers must not linger; it may be in the middle of a call now.
      surroundings.loop().execute(() -> current.agent().stop());
    }
  }

  /**
   * Hands commands over in their order, each when the world knows how its release behaves. When
   * that can't be learned it is handed over all the same: a self-test refuses what nobody knows.
   */
  private void receive(byte[] payload, Power power) {
    Optional<DeviceCommand> command = parse(payload);
    CompletionStage<?> known =
        command
            .flatMap(SimulatedDevice::releaseOf)
            .map(fleet.catalogue()::learn)
            .orElse(CompletableFuture.completedFuture(null));
    Runnable handOver =
        () -> {
          dice.commandArrived(command.map(DeviceCommand::getCommandId).orElse(""));
          agent(power).onCommand(payload);
        };
    commands =
        commands
            .handle((before, failure) -> known)
            .thenCompose(Function.identity())
            .handle((done, failure) -> done)
            .thenRunAsync(() -> power.run(handOver), surroundings.loop());
  }

  private static Optional<DeviceCommand> parse(byte[] payload) {
    try {
      return Optional.of(DeviceCommand.parseFrom(payload));
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty(); // the agent says what is wrong with it
    }
  }

  private static Optional<ReleaseRef> releaseOf(DeviceCommand command) {
    try {
      return switch (command.getActionCase()) {
        case INSTALL -> Optional.of(ReleaseRef.parse(command.getInstall().getRelease()));
        case REVERT -> Optional.of(ReleaseRef.parse(command.getRevert().getRelease()));
        case CANCEL, ACTION_NOT_SET -> Optional.empty();
      };
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // the agent says what is wrong with it
    }
  }

  private static Counters plus(Counters a, Counters b) {
    return new Counters(
        a.heartbeatsMade() + b.heartbeatsMade(),
        a.heartbeatsAcknowledged() + b.heartbeatsAcknowledged(),
        a.heartbeatsDropped() + b.heartbeatsDropped());
  }

  /** The agent of that boot; a call that outlived it ends here. */
  private Agent agent(Power power) {
    Boot current = boot;
    if (current == null || current.power() != power) {
      throw new Power.Lost();
    }
    return current.agent();
  }

  private final class AgentEvents implements Connection.Events {
    private final Power power;

    AgentEvents(Power power) {
      this.power = power;
    }

    @Override
    public void connected() {
      power.run(() -> agent(power).onConnected());
    }

    @Override
    public void disconnected() {
      power.run(() -> agent(power).onDisconnected());
    }

    @Override
    public void command(byte[] payload) {
      receive(payload, power);
    }
  }
}
