package dev.earshot.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Where the services are and which token opens them. By default what the {@code earshot up} on this
 * machine wrote beside its data; options and environment variables say otherwise.
 */
public final class Connection {
  /** The file that {@code earshot up} leaves for the other commands, readable by its owner only. */
  public static final String ENDPOINTS_FILE = "endpoints.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Data folder of the `earshot up` to talk to (default: ~/.earshot).")
  private @Nullable Path data;

  @Option(
      names = "--registry",
      paramLabel = "URL",
      defaultValue = "${env:EARSHOT_REGISTRY_URL}",
      description = "The registry (or EARSHOT_REGISTRY_URL).")
  private @Nullable URI registry;

  @Option(
      names = "--rollout-service",
      paramLabel = "URL",
      defaultValue = "${env:EARSHOT_ROLLOUT_URL}",
      description = "The rollout service (or EARSHOT_ROLLOUT_URL).")
  private @Nullable URI rollout;

  @Option(
      names = "--monitoring",
      paramLabel = "URL",
      defaultValue = "${env:EARSHOT_MONITORING_URL}",
      description = "The monitoring service (or EARSHOT_MONITORING_URL).")
  private @Nullable URI monitoring;

  /**
   * What an {@code earshot up} listens on.
   *
   * @param registry base URL
   * @param rollout base URL
   * @param monitoring base URL
   * @param gateway base URL of the gateway's operations
   * @param mqtt host:port
   * @param kafka bootstrap servers
   * @param token the operator's bearer token; a secret
   * @param clock the specification of the clock that the fleet lives in
   */
  public record Endpoints(
      URI registry,
      URI rollout,
      URI monitoring,
      URI gateway,
      String mqtt,
      String kafka,
      String token,
      String clock) {

    /** Those of the {@code earshot up} on that data folder. */
    public static Endpoints read(Path dataDirectory) {
      Path file = dataDirectory.resolve(ENDPOINTS_FILE);
      if (!Files.isReadable(file)) {
        throw new UserError(
            "no running Earshot known: "
                + file
                + " is missing. Start one with `earshot up`, or say where the services are"
                + " (--registry, --rollout-service, --monitoring and EARSHOT_TOKEN).");
      }
      try {
        return JSON.readValue(Files.readAllBytes(file), Endpoints.class);
      } catch (IOException e) {
        throw new UserError("can't read " + file + ": " + e.getMessage(), e);
      }
    }

    /** Writes them for the other commands. */
    public void write(Path dataDirectory) {
      Path file = dataDirectory.resolve(ENDPOINTS_FILE);
      try {
        PrivateFile.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
      } catch (IOException e) {
        throw new UserError("can't write " + file + ": " + e.getMessage(), e);
      }
    }
  }

  /** The default data folder. */
  public static Path defaultData() {
    return Path.of(System.getProperty("user.home"), ".earshot");
  }

  /** The registry's base URL. */
  public URI registry() {
    return registry != null ? registry : running().registry();
  }

  /** The rollout service's base URL. */
  public URI rollout() {
    return rollout != null ? rollout : running().rollout();
  }

  /** The monitoring service's base URL. */
  public URI monitoring() {
    return monitoring != null ? monitoring : running().monitoring();
  }

  /** The operator's token: EARSHOT_TOKEN, or the one that {@code up} generated. */
  public String token() {
    String token = System.getenv("EARSHOT_TOKEN");
    return token != null && !token.isBlank() ? token : running().token();
  }

  /** The data folder in question. */
  public Path data() {
    return data != null ? data : defaultData();
  }

  private Endpoints running() {
    return Endpoints.read(data());
  }
}
