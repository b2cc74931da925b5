package dev.earshot.agent;

import dev.earshot.agent.port.ActiveModel;
import dev.earshot.agent.port.Listening;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.protocol.v1.SelfTest;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Listens all the time, hears nothing, and refuses or chokes on the models that it is told to. */
final class TestListening implements Listening {
  private final ManualTimers loop;
  private long drainedMillis;
  private long activeSinceMillis;
  long wokeMillis = Long.MIN_VALUE / 2;
  final Map<String, SelfTestResult> selfTests = new HashMap<>();
  @Nullable ActiveModel active;
  @Nullable String unusable;
  @Nullable String idling;
  @Nullable String hungry;
  Environment environment = Environment.KITCHEN;
  int falseAccepts;

  /** How much later than the agent it looks at the clock, the next time. */
  long aheadMillis;

  TestListening(ManualTimers loop) {
    this.loop = loop;
    drainedMillis = loop.monotonicMillis();
  }

  /** What is wrong with models stays wrong after a restart. */
  void takeAfter(TestListening before) {
    selfTests.putAll(before.selfTests);
    unusable = before.unusable;
    idling = before.idling;
    hungry = before.hungry;
    wokeMillis = before.wokeMillis;
  }

  String listensWith() {
    ActiveModel model = active;
    return model == null ? "nothing" : model.manifest().release().toString();
  }

  @Override
  public SelfTestResult selfTest(ReleaseManifest manifest, byte[] model, SelfTest vectors) {
    if (!Digest.of(model).equals(manifest.model().digest())) {
      throw new AssertionError("the self-test was given an unverified model");
    }
    return selfTests.getOrDefault(manifest.release().toString(), new SelfTestResult.Passed());
  }

  @Override
  public void use(ActiveModel model) {
    if (!Digest.of(model.model()).equals(model.manifest().model().digest())) {
      throw new AssertionError("the engine was given an unverified model");
    }
    if (model.manifest().release().toString().equals(unusable)) {
      throw new IllegalArgumentException("the engine refuses it");
    }
    active = model;
    activeSinceMillis = loop.monotonicMillis();
  }

  @Override
  public Vitals vitals() {
    long listened = active == null ? 0 : loop.monotonicMillis() - activeSinceMillis;
    return new Vitals(
        listened,
        listensWith().equals(idling) ? 0 : listened / 32,
        loop.monotonicMillis() - wokeMillis);
  }

  @Override
  public void drain(Heartbeat.Builder into) {
    long now = loop.monotonicMillis();
    long listened = active == null ? 0 : now - drainedMillis + aheadMillis;
    aheadMillis = 0;
    drainedMillis = now;
    into.setEnvironment(environment)
        .setListeningMs((int) listened)
        .setInferences(listensWith().equals(idling) ? 0 : listened / 32)
        .setNdpEnergyUj(Math.round(listened * (listensWith().equals(hungry) ? 9.0 : 2.0)))
        .setFalseAccepts(falseAccepts)
        .setWakes(falseAccepts);
    falseAccepts = 0;
  }
}
