package dev.earshot.cli.loss;

import dev.earshot.broker.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The broker as a process of its own. SIGTERM closes it in order; so does the end of its standard
 * input, so that it does not outlive who started it.
 */
final class BrokerProcess {
  private BrokerProcess() {}

  /** Arguments: data folder, port, port that clients are told. */
  public static void main(String[] args) throws IOException {
    EmbeddedBroker broker =
        EmbeddedBroker.start(
            Path.of(args[0]),
            Integer.parseInt(args[1]),
            Map.of("advertised.listeners", "PLAINTEXT://127.0.0.1:" + args[2]));
    Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "broker-close"));
    while (System.in.read() >= 0) {
      // Nobody says anything; it is the end that counts.
    }
    System.exit(0);
  }
}
