package dev.earshot.rollout.http;

import dev.earshot.protocol.problem.ProblemType;
import dev.earshot.protocol.v1.Arm;
import dev.earshot.protocol.v1.Assignment;
import dev.earshot.protocol.v1.AssignmentState;
import dev.earshot.protocol.v1.Census;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.ModelRelease;
import dev.earshot.protocol.v1.ReleaseStatus;
import dev.earshot.protocol.v1.RolloutEvent;
import dev.earshot.protocol.v1.RolloutMetric;
import dev.earshot.protocol.v1.RolloutPhase;
import dev.earshot.protocol.v1.RolloutRequest;
import dev.earshot.protocol.v1.RolloutSnapshot;
import dev.earshot.protocol.v1.StageSums;
import dev.earshot.protocol.v1.TestSums;
import dev.earshot.rollout.control.ControlPlane;
import dev.earshot.rollout.control.RolloutIds;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A control plane in memory that does what it is asked, and counts how often it was asked. */
public final class FakeControlPlane implements ControlPlane {
  static final String RELEASE = "hey-nova:1.1.0";
  static final String DEVICE = "home/kitchen-1";

  final List<RolloutRequest> written = new ArrayList<>();
  final Map<String, RolloutSnapshot> rollouts = new LinkedHashMap<>();
  final TreeMap<String, Assignment> assignments = new TreeMap<>();
  private final List<Entry> log = new ArrayList<>();
  private final TreeMap<String, RolloutEvent> answers = new TreeMap<>();
  private String problem = "";
  private boolean counts = true;
  private boolean failsOnce;

  /** From now on it can't answer, and says why. */
  synchronized void fail(String why) {
    problem = why;
  }

  /** Has not caught up the next time that it is asked. */
  synchronized void failOnce() {
    failsOnce = true;
  }

  /** From now on previews are not counted. */
  synchronized void stopCounting() {
    counts = false;
  }

  synchronized void assign(String device, String rollout, Arm arm, AssignmentState state) {
    assignments.put(
        device,
        Assignment.newBuilder()
            .setRollout(rollout)
            .setRelease(RELEASE)
            .setArm(arm)
            .setStage(1)
            .setState(state)
            .setOfferedAtMs(1_000)
            .setChangedAtMs(2_000)
            .build());
  }

  /** Shows a rollout as it is now. */
  public synchronized void show(RolloutSnapshot snapshot) {
    rollouts.put(snapshot.getRollout(), snapshot);
  }

  /** Adds an entry to an audit trail. */
  public synchronized void note(RolloutEvent event) {
    log.add(new Entry(event.getRollout().hashCode() & 1, 10L + log.size(), event));
  }

  @Override
  public synchronized String problem() {
    if (failsOnce) {
      failsOnce = false;
      return "still reading what is there";
    }
    return problem;
  }

  @Override
  public synchronized Collection<RolloutSnapshot> rollouts() {
    return rollouts.values().stream().filter(rollout -> !rollout.getPreview()).toList();
  }

  @Override
  public synchronized @Nullable RolloutSnapshot rollout(String id) {
    return rollouts.get(id);
  }

  @Override
  public synchronized List<Entry> events(String rollout, long after, int limit) {
    return log.stream()
        .filter(entry -> entry.event().getRollout().equals(rollout) && entry.offset() > after)
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized List<Entry> log(int from, int limit) {
    return log.stream()
        .filter(entry -> !RolloutIds.isPreview(entry.event().getRollout()))
        .skip(from)
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized List<Assigned> assignments(
      String rollout, String after, int limit, Predicate<Assignment> condition) {
    return assignments.tailMap(after, false).entrySet().stream()
        .filter(entry -> entry.getValue().getRollout().equals(rollout))
        .filter(entry -> condition.test(entry.getValue()))
        .limit(limit)
        .map(entry -> new Assigned(entry.getKey(), entry.getValue()))
        .toList();
  }

  @Override
  public synchronized @Nullable Assigned assignment(String device) {
    Assignment assignment = assignments.get(device);
    return assignment == null ? null : new Assigned(device, assignment);
  }

  @Override
  public @Nullable ModelRelease release(String release) {
    return release.equals(RELEASE)
        ? ModelRelease.newBuilder()
            .addChips("ndp120")
            .setModelLength(40_000)
            .setStatus(ReleaseStatus.APPROVED)
            .build()
        : null;
  }

  @Override
  public synchronized @Nullable RolloutEvent answered(String requestIdPrefix) {
    Map.Entry<String, RolloutEvent> first = answers.ceilingEntry(requestIdPrefix);
    return first != null && first.getKey().startsWith(requestIdPrefix) ? first.getValue() : null;
  }

  @Override
  public synchronized CompletableFuture<RolloutEvent> submit(RolloutRequest request) {
    RolloutEvent before = answers.get(request.getRequestId());
    if (before == null) {
      written.add(request);
      before = request.hasCreate() ? create(request) : act(request);
      answers.put(request.getRequestId(), before);
      note(before);
    }
    return CompletableFuture.completedFuture(before);
  }

  private RolloutEvent create(RolloutRequest request) {
    RolloutRequest.Create create = request.getCreate();
    RolloutSnapshot.Builder snapshot =
        RolloutSnapshot.newBuilder()
            .setRollout(request.getRollout())
            .setRevision(1)
            .setPlan(create.getPlan())
            .setTarget(create.getTarget())
            .setCreatedBy(request.getActor())
            .setCreatedAtMs(1_000L * written.size())
            .setChangedAtMs(1_000L * written.size())
            .setPreview(create.getPreview())
            .setPhase(
                RolloutPhase.newBuilder()
                    .setWord(
                        create.getStart() ? RolloutPhase.Word.RUNNING : RolloutPhase.Word.DRAFT)
                    .setStage(create.getStart() ? 1 : 0));
    if (counts) {
      snapshot.setCensus(census());
    }
    rollouts.put(request.getRollout(), snapshot.build());
    return event(request, "created", 1).build();
  }

  private RolloutEvent act(RolloutRequest request) {
    RolloutSnapshot before = rollouts.get(request.getRollout());
    if (before == null || before.getRevision() != request.getExpectedRevision()) {
      return event(request, "refused", before == null ? 0 : before.getRevision())
          .setReason("revision " + request.getExpectedRevision() + " was changed")
          .setProblem(ProblemType.PRECONDITION_FAILED.name())
          .build();
    }
    rollouts.put(
        request.getRollout(), before.toBuilder().setRevision(before.getRevision() + 1).build());
    return event(request, "decided", before.getRevision() + 1)
        .setReason(request.getReason())
        .addStages(
            StageSums.newBuilder()
                .setStage(1)
                .addCounts(
                    TestSums.newBuilder()
                        .setMetric(RolloutMetric.FALSE_ACCEPTS)
                        .setEnvironment(Environment.CAR)
                        .setTheta0(1)))
        .build();
  }

  private static RolloutEvent.Builder event(RolloutRequest request, String kind, long revision) {
    return RolloutEvent.newBuilder()
        .setRollout(request.getRollout())
        .setAtMs(1_700_000_000_000L)
        .setKind(kind)
        .setActor(request.getActor())
        .setRequestId(request.getRequestId())
        .setRevision(revision);
  }

  private static Census census() {
    return Census.newBuilder()
        .setKnown(1_200)
        .setReachable(1_000)
        .addExcluded(Census.Exclusion.newBuilder().setReason("not_heard").setDevices(12))
        .addSample(DEVICE)
        .addStrata(
            Census.Stratum.newBuilder()
                .setHome(Environment.CAR)
                .setChip("ndp120")
                .setDevices(1_000)
                .setHours(24_000)
                .setListeningHours(12_000)
                .setFalseAccepts(6_000))
        .build();
  }
}
