package dev.earshot.cli.fleet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.earshot.cli.HttpJson;
import dev.earshot.cli.UserError;
import dev.earshot.protocol.release.ReleaseRef;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks monitoring for a release's score histograms. */
final class FieldScoresClient {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI monitoring;
  private final HttpJson http;

  FieldScoresClient(URI monitoring, String token) {
    this.monitoring = monitoring;
    this.http = new HttpJson(token);
  }

  /** One element for each environment in which somebody listened with that release. */
  List<FieldScores> scores(ReleaseRef release, Optional<String> fleet) {
    String query =
        fleet.map(name -> "?fleet=" + URLEncoder.encode(name, StandardCharsets.UTF_8)).orElse("");
    URI uri =
        monitoring.resolve("/v1/scores/" + release.name() + "/" + release.version() + query);
    JsonNode environments = http.get(uri).body().path("environments");
    if (!environments.isArray()) {
      throw new UserError(uri + ": no field environments (expected: an array; is it monitoring?)");
    }
    List<FieldScores> scores = new ArrayList<>();
    for (JsonNode one : environments) {
      try {
        scores.add(JSON.treeToValue(one, FieldScores.class));
      } catch (JsonProcessingException e) {
        throw new UserError(uri + ": " + e.getOriginalMessage(), e);
      }
    }
    return scores;
  }
}
