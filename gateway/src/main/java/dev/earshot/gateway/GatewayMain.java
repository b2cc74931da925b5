package dev.earshot.gateway;

import dev.earshot.service.ServiceProcess;

/** The gateway as a process of its own; SIGTERM drains it. */
public final class GatewayMain {
  private GatewayMain() {}

  public static void main(String[] args) {
    ServiceProcess.main("gateway", GatewayConfig::from, Gateway::start);
  }
}
