package dev.earshot.cli.device;

import com.fasterxml.jackson.databind.JsonNode;
import dev.earshot.cli.Connection;
import dev.earshot.cli.HttpJson;
import dev.earshot.cli.Terminal;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists devices as monitoring knows them. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "List devices: what they run, where they listen, their arm and last update.")
public final class DeviceListCommand implements Callable<Integer> {
  private static final int PAGE = 500;
  private static final String FORMAT = "%-24s %-7s %-18s %-8s %-9s %8s %8s  %-20s %s%n";

  @Mixin private Connection connection = new Connection();

  @Option(names = "--release", paramLabel = "NAME:VERSION", description = "Only those that run it.")
  private @Nullable String release;

  @Option(
      names = "--cohort",
      paramLabel = "ROLLOUT",
      description = "Only those that are assigned to it; none: to no rollout.")
  private @Nullable String cohort;

  @Option(
      names = "--silent",
      description = "Only those that missed more than three of their own heartbeats in a row.")
  private boolean silent;

  @Option(
      names = "--limit",
      defaultValue = "50",
      paramLabel = "N",
      description = "Show at most N devices (default: ${DEFAULT-VALUE}).")
  private int limit = 50;

  @Override
  public Integer call() {
    HttpJson http = new HttpJson(connection.token());
    System.out.printf(
        FORMAT,
        "DEVICE",
        "CHIP",
        "RELEASE",
        "WHERE",
        "ARM",
        "FA",
        "FA/h",
        "LAST HEARTBEAT",
        "UPDATE");
    Optional<URI> next = Optional.of(first());
    int shown = 0;
    while (next.isPresent() && shown < limit) {
      HttpJson.Page page = http.get(next.get());
      for (JsonNode device : page.body().path("devices")) {
        if (shown < limit) {
          print(device);
          shown++;
        }
      }
      next = page.next();
    }
    System.out.printf(
        "%d devices%s%n", shown, next.isPresent() ? ", and there may be more: --limit" : "");
    return 0;
  }

  private URI first() {
    StringBuilder query = new StringBuilder("/v1/devices?limit=" + Math.clamp(limit, 1, PAGE));
    if (release != null) {
      query.append("&release=").append(URLEncoder.encode(release, StandardCharsets.UTF_8));
    }
    if (cohort != null) {
      query.append("&cohort=").append(URLEncoder.encode(cohort, StandardCharsets.UTF_8));
    }
    if (silent) {
      query.append("&silent=true");
    }
    return URI.create(connection.monitoring() + query.toString());
  }

  private static void print(JsonNode device) {
    double hours = device.path("listeningMs").asLong() / 3.6e6;
    JsonNode update = device.path("update");
    System.out.printf(
        FORMAT,
        device.path("device").asText(),
        device.path("chip").asText(),
        device.path("release").asText(),
        device.path("environment").asText(),
        device.path("arm").asText(),
        device.path("falseAccepts").asText(),
        hours > 0 ? Terminal.number(device.path("falseAccepts").asLong() / hours, 2) : "-",
        device.path("lastHeartbeatMs").asLong() == 0
            ? "never"
            : Instant.ofEpochMilli(device.path("lastHeartbeatMs").asLong())
                .truncatedTo(ChronoUnit.SECONDS),
        (update.path("state").asText() + " " + update.path("text").asText()).strip());
  }
}
