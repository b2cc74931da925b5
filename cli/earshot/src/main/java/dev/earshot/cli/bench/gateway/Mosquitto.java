package dev.earshot.cli.bench.gateway;

import dev.earshot.cli.UserError;
import dev.earshot.cli.bench.ServiceUnderTest;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The mosquitto broker, when it is installed, with nothing that limits it. */
final class Mosquitto implements AutoCloseable {
  private static final int START_WITHIN_SECONDS = 10;

  private final Process process;
  private final int port;

  private Mosquitto(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Where it is installed; it is often in a folder for administrators. */
  static Optional<Path> find() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.concat(
            Stream.of(path.split(File.pathSeparator, -1)),
            Stream.of("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin"))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, "mosquitto"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Its configuration: nothing is kept, nothing is limited, nothing is logged.
   *
   * @param user whom it runs as; as root it would become another, who can't read our folder
   */
  static String configuration(int port, String user) {
    return """
        listener %d 127.0.0.1
        user %s
        allow_anonymous true
        persistence false
        max_inflight_messages 0
        max_queued_messages 0
        max_connections -1
        set_tcp_nodelay true
        sys_interval 0
        log_type none
        """
        .formatted(port, user);
  }

  static Mosquitto start(Path binary, Path folder) throws IOException, InterruptedException {
    int port = ServiceUnderTest.freePort();
    Path configuration = folder.resolve("mosquitto.conf");
    Files.writeString(configuration, configuration(port, System.getProperty("user.name")));
    Path log = folder.resolve("mosquitto.log");
    Process process =
        new ProcessBuilder(binary.toString(), "-c", configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Mosquitto started = new Mosquitto(process, port);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_WITHIN_SECONDS);
    while (!started.listens()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        started.close();
        throw new UserError("mosquitto did not start: " + Files.readString(log).strip());
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    return started;
  }

  int port() {
    return port;
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }

  private boolean listens() {
    try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return probe.isConnected();
    } catch (IOException e) {
      return false;
    }
  }
}
