package dev.earshot.cli.bench;

import dev.earshot.simulator.FleetReport;
import dev.earshot.simulator.ProcessUse;
import dev.earshot.simulator.device.LinkError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A fleet did not get where it should: says how far it came and what probably stopped it. */
final class BrokenFleet extends Exception {
  private static final long serialVersionUID = 1;
  private static final long LITTLE_MEMORY = 512L << 20;

  BrokenFleet(String message) {
    super(message);
  }

  /**
   * What the signs point to.
   *
   * @param what was waited for
   * @param report of the fleet
   * @param setup what it ran on
   * @param busy processors that were busy with it, of those that there are
   */
  static BrokenFleet diagnose(String what, FleetReport report, FleetSetup setup, double busy) {
    List<String> signs = new ArrayList<>();
    Map<String, Long> errors = report.measurements().errors();
    for (LinkError error : List.of(LinkError.NO_DESCRIPTOR, LinkError.NO_LOCAL_PORT)) {
      if (errors.containsKey(error.label())) {
        signs.add(error.label() + " " + errors.get(error.label()));
      }
    }
    for (GatewayProcess gateway : setup.gateways()) {
      long open = new ProcessMeter(List.of(gateway.pid())).read().mostDescriptors();
      if (!gateway.isAlive()) {
        signs.add("a gateway has ended");
      } else if (open > ProcessUse.mostDescriptors() - 100) {
        signs.add("a gateway has " + open + " files and sockets open");
      }
    }
    if (ProcessMeter.availableBytes() < LITTLE_MEMORY) {
      signs.add("memory: " + (ProcessMeter.availableBytes() >> 20) + " MiB are left");
    }
    int processors = Runtime.getRuntime().availableProcessors();
    if (busy > .9 * processors) {
      signs.add(String.format(Locale.ROOT, "processors: %.1f of %d busy", busy, processors));
    }
    return new BrokenFleet(
        what
            + ": "
            + (signs.isEmpty() ? "no sign of what stopped it" : String.join("; ", signs))
            + "; errors: "
            + errors);
  }
}
