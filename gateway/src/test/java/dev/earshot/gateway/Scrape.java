package dev.earshot.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a gateway's operations port answers. */
public final class Scrape {
  private static final Pattern SAMPLE =
      Pattern.compile("(?m)^([a-z_]+)(?:\\{([^}]*)})? ([-+0-9.eE]+|NaN)$");

  private final int port;

  public Scrape(Gateway gateway) {
    this.port = gateway.opsPort();
  }

  /** A sample's value; 0 when there is none. Labels as on the page: {@code reason="x"}. */
  public double value(String name, String... labels) {
    return samples()
        .getOrDefault("earshot_gateway_" + name + "{" + String.join(",", labels) + "}", 0.0);
  }

  /** The sum over all labels. */
  public double sum(String name) {
    String prefix = "earshot_gateway_" + name + "{";
    return samples().entrySet().stream()
        .filter(sample -> sample.getKey().startsWith(prefix))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  private Map<String, Double> samples() {
    Map<String, Double> samples = new HashMap<>();
    Matcher matcher = SAMPLE.matcher(get("/metrics").body());
    while (matcher.find()) {
      String labels = matcher.group(2) == null ? "" : matcher.group(2);
      samples.put(
          matcher.group(1) + "{" + labels.replaceAll(",$", "") + "}",
          Double.valueOf(matcher.group(3)));
    }
    return samples;
  }

  public record Answer(int status, String body) {}

  public Answer get(String path) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
      int status = connection.getResponseCode();
      try (InputStream body =
          status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
        return new Answer(status, new String(body.readAllBytes(), UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
