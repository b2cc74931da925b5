package dev.earshot.rollout;

import dev.earshot.service.ServiceProcess;

/** The rollout service as a process of its own. */
public final class RolloutMain {
  private RolloutMain() {}

  public static void main(String[] args) {
    ServiceProcess.main("rollout", RolloutConfig::from, Rollouts::start);
  }
}
