package dev.earshot.cli.up;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code /metrics} page at one moment, in Prometheus' text format: what the story tells is what
 * Prometheus would see.
 */
public record MetricsPage(List<Sample> samples) {
  private static final Pattern LINE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)(?: \\d+)?");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_]\\w*)=\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  /** One line of the page. */
  public record Sample(String name, Map<String, String> labels, double value) {}

  public MetricsPage {
    samples = List.copyOf(samples);
  }

  /** Fetches a page; empty when it can't be had at this moment. */
  public static MetricsPage fetch(URI base) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base + "/metrics")).timeout(TIMEOUT).build();
    try {
      HttpResponse<String> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
      return response.statusCode() == 200 ? parse(response.body()) : new MetricsPage(List.of());
    } catch (IOException e) {
      return new MetricsPage(List.of());
    }
  }

  static MetricsPage parse(String text) {
    List<Sample> samples = new ArrayList<>();
    text.lines()
        .filter(line -> !line.startsWith("#"))
        .map(LINE::matcher)
        .filter(Matcher::matches)
        .forEach(
            match ->
                samples.add(
                    new Sample(
                        match.group(1),
                        labels(match.group(2) == null ? "" : match.group(2)),
                        Double.parseDouble(match.group(3)))));
    return new MetricsPage(samples);
  }

  /** The sum of a metric over all its series. */
  public double sum(String name) {
    return sum(name, labels -> true);
  }

  /** The sum over the series whose labels satisfy that. */
  public double sum(String name, Predicate<Map<String, String>> which) {
    return samples.stream()
        .filter(sample -> sample.name().equals(name) && which.test(sample.labels()))
        .mapToDouble(Sample::value)
        .sum();
  }

  private static Map<String, String> labels(String text) {
    Map<String, String> labels = new HashMap<>();
    Matcher matcher = LABEL.matcher(text);
    while (matcher.find()) {
      labels.put(matcher.group(1), matcher.group(2));
    }
    return labels;
  }
}
