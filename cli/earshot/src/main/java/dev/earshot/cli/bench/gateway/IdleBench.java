package dev.earshot.cli.bench.gateway;

import dev.earshot.cli.bench.BenchProcess;
import dev.earshot.cli.bench.GatewayProcess;
import dev.earshot.cli.bench.Goal;
import dev.earshot.cli.bench.ProcessMeter;
import dev.earshot.cli.bench.Section;
import dev.earshot.cli.bench.Section.Row;
import dev.earshot.cli.bench.ServiceUnderTest;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What connections cost that are only held: memory, and the time to accept them all. */
final class IdleBench {
  /** These are connected first, so that what the first connection makes is not counted. */
  private static final int FIRST_SHARE = 15;

  private static final int WITHIN_SECONDS = 300;

  private final Rig rig;
  private final int connections;
  private final Consumer<String> progress;

  private record Memory(double heapBytes, double residentBytes, double kernelBytes) {
    static Memory of(GatewayProcess gateway) throws IOException {
      double heap = (double) Heap.liveBytes(gateway.pid());
      double resident = (double) new ProcessMeter(List.of(gateway.pid())).read().residentBytes();
      return new Memory(heap, resident, (double) ProcessMeter.kernelBytes());
    }

    /** The share of each connection that came since. */
    Memory share(Memory before, int connections) {
      return new Memory(
          (heapBytes - before.heapBytes) / connections,
          (residentBytes - before.residentBytes) / connections,
          (kernelBytes - before.kernelBytes) / connections);
    }
  }

  private record Cost(Memory each, double perSecond, double seconds, FleetCount count) {}

  IdleBench(Rig rig, int connections, Consumer<String> progress) {
    this.rig = rig;
    this.connections = connections;
    this.progress = progress;
  }

  Section run() throws IOException, InterruptedException {
    Cost plain = measure(false);
    Cost tls = measure(true);
    return new Section(
        "idle connections",
        "%,d, a token each; a connection's share, after a full collection; TLS 1.3, P-256"
            .formatted(connections),
        List.of("plain", "TLS"),
        List.of(
            row("heap, bytes", plain.each().heapBytes(), tls.each().heapBytes()),
            row("resident set, bytes", plain.each().residentBytes(), tls.each().residentBytes()),
            row("kernel, both ends, bytes", plain.each().kernelBytes(), tls.each().kernelBytes()),
            row("accepted, /s", plain.perSecond(), tls.perSecond()),
            row("time to accept them all, s", plain.seconds(), tls.seconds()),
            row("  told to come back later", plain.count().busy(), tls.count().busy()),
            row("  failed tries", plain.count().failed(), tls.count().failed()),
            row("lost while idle", plain.count().lost(), tls.count().lost())),
        List.of(
            Goal.none("TLS / plain, heap", tls.each().heapBytes() / plain.each().heapBytes()),
            Goal.none("TLS / plain, connections accepted/s", tls.perSecond() / plain.perSecond())));
  }

  private static Row row(String name, double plain, double tls) {
    return Row.of(name, plain, tls);
  }

  private Cost measure(boolean secure) throws IOException, InterruptedException {
    int first = Math.max(1, connections / FIRST_SHARE);
    int rest = Math.max(1, connections - first);
    try (Processes processes = new Processes()) {
      Map<String, String> settings = new HashMap<>(Rig.WIDE_LIMITS);
      int port = ServiceUnderTest.freePort();
      if (secure) {
        certify();
        settings.putAll(ServerCertificate.gateway(rig.folder(), port));
      } else {
        settings.put("EARSHOT_MQTT_PORT", Integer.toString(port));
      }
      String name = secure ? "idle-tls" : "idle-plain";
      GatewayProcess gateway = processes.add(rig.gateway(name, settings));
      BenchProcess fleet = processes.add(rig.fleet(secure));
      fleet.ask("connect " + port + " " + first);
      Fleets.await(fleet, FleetCount::settled, WITHIN_SECONDS);
      Memory before = Memory.of(gateway);
      fleet.ask("connect " + port + " " + rest);
      FleetCount all = Fleets.await(fleet, FleetCount::settled, WITHIN_SECONDS);
      Fleets.requireAllUp(all);
      Memory after = Memory.of(gateway);
      FleetCount idle = Fleets.count(fleet);
      double perSecond = rest / all.seconds();
      progress.accept(
          "%s: %,d connections, %,.0f accepted/s".formatted(name, connections, perSecond));
      return new Cost(after.share(before, rest), perSecond, connections / perSecond, idle);
    }
  }

  private void certify() throws IOException, InterruptedException {
    try {
      ServerCertificate.generate(rig.folder());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("keytool wrote what this JDK can't read", e);
    }
  }
}
