package dev.earshot.rollout.study;

import dev.earshot.rollout.gate.FirstEventGate;
import dev.earshot.rollout.gate.RiskSet;
import java.util.Arrays;

/**
 * The first-event gate on a simulated rollout, all of whose devices entered at its start as one
 * batch. A device that a later stage treats leaves the control's risk set for the treated one, if
 * it had no event yet: who moves is random, so the next event is as likely anybody's. Not
 * thread-safe.
 */
final class FirstEvents {
  private final SimulatedRollout rollout;
  private final FirstEventGate gate = FirstEventGate.counts();
  private final RiskSet[] atRisk = new RiskSet[Scenario.ENVIRONMENTS.size()];
  private final boolean[] done;
  private FirstEventGate.Sums sums = gate.none();
  private double logE;

  FirstEvents(SimulatedRollout rollout) {
    this.rollout = rollout;
    done = new boolean[rollout.devices()];
    startBlock();
  }

  /** Recounts who is at risk in which arm, with the arms as they are now. */
  void startBlock() {
    Arrays.fill(atRisk, RiskSet.EMPTY);
    for (int i = 0; i < done.length; i++) {
      if (!done[i]) {
        int stratum = rollout.environment(i);
        atRisk[stratum] = atRisk[stratum].enter(rollout.treated(i));
      }
    }
  }

  /** ln e_F after the look's events. */
  double update() {
    long before = sums.events();
    for (int i = 0; i < rollout.newEvents(); i++) {
      int device = rollout.newEvent(i);
      if (!done[device]) {
        done[device] = true;
        int stratum = rollout.environment(device);
        boolean treated = rollout.treated(device);
        sums = gate.event(sums, atRisk[stratum], treated);
        atRisk[stratum] = atRisk[stratum].leave(treated);
      }
    }
    if (sums.events() > before) {
      logE = gate.logE(sums);
    }
    return logE;
  }
}
