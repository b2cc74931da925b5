package dev.earshot.registry;

import dev.earshot.service.ServiceProcess;

/** The registry as a process of its own. */
public final class RegistryMain {
  private RegistryMain() {}

  public static void main(String[] args) {
    ServiceProcess.main("registry", RegistryConfig::from, Registry::start);
  }
}
