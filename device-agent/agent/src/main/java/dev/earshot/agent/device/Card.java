package dev.earshot.agent.device;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.earshot.ndp.frontend.NamedFrontEnd;
import dev.earshot.protocol.release.ReleaseManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The part of a release's card that a device needs to listen. Other fields of the card, such as its
 * lineage, are of no use here.
 */
record Card(
    @JsonProperty(required = true) String name,
    @JsonProperty(required = true) String version,
    @JsonProperty(required = true) int counter,
    @JsonProperty(required = true) String description,
    @JsonProperty(required = true) List<String> chips,
    @JsonProperty(required = true) ReleaseManifest.Detector detector,
    @JsonProperty(required = true) String frontEnd) {

  private static final ObjectMapper YAML =
      YAMLMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  /**
   * The rule of MLPerf Tiny's streaming wake-word benchmark: P(wake word) above 0.95, then a second
   * of silence.
   */
  static final ReleaseManifest.Detector BENCHMARK_DETECTOR =
      new ReleaseManifest.Detector(0, 115, 1, 1000);

  Card {
    chips = List.copyOf(chips);
  }

  /** For a model that comes without one. */
  static Card without(String chip) {
    return new Card(
        "local",
        "0.0.0",
        1,
        "a model from a file",
        List.of(chip),
        BENCHMARK_DETECTOR,
        NamedFrontEnd.STREAMING_WAKE_WORD.label());
  }

  /** Reads a {@code card.yaml}; an error names the file and the field. */
  static Card read(Path file) throws IOException {
    try {
      return YAML.readValue(Files.readAllBytes(file), Card.class);
    } catch (JsonMappingException e) {
      String field =
          e.getPath().stream()
              .map(JsonMappingException.Reference::getFieldName)
              .collect(Collectors.joining("."));
      Throwable cause = e.getCause();
      throw new IOException(
          file
              + ": "
              + field
              + ": "
              + (cause == null ? e.getOriginalMessage() : cause.getMessage()),
          e);
    } catch (JsonProcessingException e) {
      throw new IOException(file + ": not YAML: " + e.getOriginalMessage(), e);
    }
  }

  /** The same with what was said on the command line. */
  Card with(
      @Nullable Integer threshold, @Nullable Integer smoothing, @Nullable Integer refractory) {
    return new Card(
        name,
        version,
        counter,
        description,
        chips,
        new ReleaseManifest.Detector(
            detector.wakeClass(),
            threshold == null ? detector.thresholdScore() : threshold,
            smoothing == null ? detector.smoothingFrames() : smoothing,
            refractory == null ? detector.refractoryMillis() : refractory,
            detector.words()),
        frontEnd);
  }
}
