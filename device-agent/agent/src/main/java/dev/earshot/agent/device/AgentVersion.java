package dev.earshot.agent.device;

import dev.earshot.ndp.chip.ChipProfile;
import dev.earshot.ndp.frontend.NamedFrontEnd;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} says. */
final class AgentVersion implements IVersionProvider {
  private static final String VERSION = "0.1.0";

  @Override
  public String[] getVersion() {
    return new String[] {
      "earshot-agent " + VERSION,
      "engine: int8 TFLite, front ends "
          + NamedFrontEnd.labels()
          + ", chips "
          + String.join(", ", ChipProfile.all().stream().map(ChipProfile::id).toList()),
      "protocol: earshot/v1 over MQTT 3.1.1; TLS 1.2 and 1.3",
      "java: " + Runtime.version()
    };
  }
}
