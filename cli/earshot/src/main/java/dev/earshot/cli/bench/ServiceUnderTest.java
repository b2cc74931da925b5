package dev.earshot.cli.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Starts services as processes of their own, to be measured. */
public final class ServiceUnderTest {
  private ServiceUnderTest() {}

  /**
   * Starts one.
   *
   * @param options for the JVM: heap and collector
   * @param environment the service's settings; it sees no others
   * @param log where it says what it has to say
   */
  static Process start(
      Class<?> main, List<String> options, Map<String, String> environment, Path log)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(JavaCommand.of(options, main.getName(), List.of()));
    builder.environment().keySet().removeIf(key -> key.startsWith("EARSHOT_"));
    builder.environment().putAll(environment);
    return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  /** Another process may take it before the service does; then the service says so. */
  public static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }
}
