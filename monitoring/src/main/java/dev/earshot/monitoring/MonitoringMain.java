package dev.earshot.monitoring;

import dev.earshot.service.ServiceProcess;

/** The monitoring service as a process of its own. */
public final class MonitoringMain {
  private MonitoringMain() {}

  public static void main(String[] args) {
    ServiceProcess.main("monitoring", MonitoringConfig::from, Monitoring::start);
  }
}
