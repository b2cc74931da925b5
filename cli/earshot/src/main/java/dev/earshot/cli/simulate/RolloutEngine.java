package dev.earshot.cli.simulate;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.KafkaTopic;
import dev.earshot.protocol.clock.FleetClock;
import dev.earshot.protocol.document.Document;
import dev.earshot.protocol.document.InvalidDocument;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.protocol.v1.Assignment;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.DeviceRecord;
import dev.earshot.protocol.v1.ModelRelease;
import dev.earshot.protocol.v1.RolloutEvent;
import dev.earshot.protocol.v1.RolloutPhase;
import dev.earshot.protocol.v1.RolloutRequest;
import dev.earshot.protocol.v1.RolloutSnapshot;
import dev.earshot.protocol.v1.RolloutTarget;
import dev.earshot.rollout.StreamMetrics;
import dev.earshot.rollout.assignment.Orders;
import dev.earshot.rollout.director.Director;
import dev.earshot.rollout.plan.Plan;
import dev.earshot.rollout.plan.PlanFormat;
import dev.earshot.rollout.stream.RolloutTopology;
import dev.earshot.rollout.stream.StateStores;
import dev.earshot.rollout.stream.TopologySettings;
import dev.earshot.simulator.scenario.Scenario.PlannedRollout;
import dev.earshot.simulator.virtual.Backend.Outputs;
import dev.earshot.simulator.virtual.VirtualRegistry;
import io.prometheus.client.CollectorRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.apache.kafka.streams.state.KeyValueIterator;

/** The rollout service's topology on virtual time. Used by one thread. */
final class RolloutEngine implements AutoCloseable {
  private static final String OPERATOR = "scenario";

  private final TopologyRun run;
  private final Map<String, ModelRelease> releases = new LinkedHashMap<>();
  private final Map<String, RolloutSnapshot> snapshots = new LinkedHashMap<>();
  private final long seed;

  /**
   * @param seed of the rollouts' own seeds
   * @param director signs the orders
   */
  RolloutEngine(
      InstantSource clock,
      Duration tick,
      long seed,
      SigningKey director,
      List<ModelRelease> known) {
    this.seed = seed;
    this.run =
        new TopologyRun(
            "simulated-rollout",
            RolloutTopology.build(
                new TopologySettings(
                    FleetClock.startingAt(clock.instant(), 1, clock),
                    1,
                    new Orders(VirtualRegistry.URL, Director.of(director)),
                    tick,
                    Duration.ofSeconds(5),
                    new StreamMetrics(new CollectorRegistry())),
                StateStores.IN_MEMORY),
            clock);
    for (ModelRelease release : known) {
      String name = release.getName() + ":" + release.getVersion();
      releases.put(name, release);
      run.send(KafkaTopic.RELEASE, name, release.toByteArray());
    }
  }

  /** Takes in a heartbeat or a status. */
  void message(KafkaTopic topic, DeviceId id, byte[] payload) {
    run.send(topic, id.toString(), payload);
  }

  /** Creates and starts a rollout, as the service does for an operator. */
  void create(PlannedRollout rollout) {
    Plan plan = plan(rollout);
    ModelRelease release = releases.get(plan.release().toString());
    if (release == null) {
      throw new IllegalArgumentException(
          "rollout "
              + rollout.id()
              + ": release "
              + plan.release()
              + " is not known (expected: one of "
              + String.join(", ", releases.keySet())
              + ")");
    }
    run.send(
        KafkaTopic.ROLLOUT_REQUEST,
        rollout.id(),
        RolloutRequest.newBuilder()
            .setRequestId(rollout.id() + "-create")
            .setRollout(rollout.id())
            .setActor(OPERATOR)
            .setCreate(
                RolloutRequest.Create.newBuilder()
                    .setPlan(PlanFormat.write(plan).toString())
                    .setSeed(seedOf(rollout.id()))
                    .setStart(true)
                    .setTarget(
                        RolloutTarget.newBuilder()
                            .setRelease(plan.release().toString())
                            .setManifestDigest(release.getManifestDigest())
                            .addAllChips(release.getChipsList())))
            .build()
            .toByteArray());
  }

  /**
   * Reads a scenario's plan.
   *
   * @throws InvalidDocument with everything that is wrong; lines are the scenario's own
   */
  static Plan plan(PlannedRollout rollout) {
    Document document = PlanFormat.parse(rollout.plan());
    boolean _ = document.takeFlag("start"); // a scenario's rollouts start when it says so
    return PlanFormat.read(document);
  }

  void look() {
    run.look();
  }

  /** Hands over what was decided since the last time; assignments to the second. */
  void drain(Outputs to, BiConsumer<String, Assignment> assignments) {
    run.drain(KafkaTopic.ASSIGNMENT, Assignment.parser(), assignments::accept);
    run.drain(KafkaTopic.ROLLOUT_EVENT, RolloutEvent.parser(), (key, event) -> to.decided(event));
    run.drain(
        KafkaTopic.ROLLOUT_STATE,
        RolloutSnapshot.parser(),
        (rollout, snapshot) -> {
          if (snapshot != null) {
            moved(rollout, snapshot, to);
          }
        });
    run.drain(
        KafkaTopic.COMMAND,
        DeviceCommand.parser(),
        (key, command) -> to.command(DeviceId.parse(key), command));
  }

  /** The newest snapshot of that rollout; empty when it was never published. */
  Optional<RolloutSnapshot> snapshot(String rollout) {
    return Optional.ofNullable(snapshots.get(rollout));
  }

  /** All rollouts, in the order in which they appeared. */
  Map<String, RolloutSnapshot> snapshots() {
    return snapshots;
  }

  /** Shows every device's record, in the order of the ids. */
  void devices(BiConsumer<String, DeviceRecord> to) {
    try (KeyValueIterator<String, DeviceRecord> all =
        run.<DeviceRecord>store(RolloutTopology.DEVICES).all()) {
      all.forEachRemaining(entry -> to.accept(entry.key, entry.value));
    }
  }

  @Override
  public void close() {
    run.close();
  }

  private void moved(String rollout, RolloutSnapshot snapshot, Outputs to) {
    RolloutSnapshot before = snapshots.put(rollout, snapshot);
    RolloutPhase phase = snapshot.getPhase();
    boolean same =
        before != null
            && before.getPhase().getWord() == phase.getWord()
            && before.getPhase().getStage() == phase.getStage();
    if (!same) {
      to.moved(rollout, word(phase), phase.getStage());
    }
  }

  private static String word(RolloutPhase phase) {
    return phase.getWord().name().toLowerCase(Locale.ROOT);
  }

  private long seedOf(String rollout) {
    byte[] text = (seed + "/" + rollout).getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.wrap(Digest.of(text).bytes()).getLong();
  }
}
