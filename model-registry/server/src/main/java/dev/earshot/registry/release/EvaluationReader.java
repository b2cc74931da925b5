package dev.earshot.registry.release;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.earshot.protocol.release.Evaluation;
import java.io.IOException;
import java.util.stream.Collectors;

/** Reads what was measured of a release. */
public final class EvaluationReader {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** For what is published already: a later trainer may measure more than this program knows. */
  private static final ObjectReader TOLERANT =
      JSON.readerFor(Evaluation.class).without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private static final ObjectReader STRICT =
      JSON.readerFor(Evaluation.class)
          .with(
              DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
              DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
              DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private EvaluationReader() {}

  /**
   * Reads {@code evaluation.json}.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  public static Evaluation parse(byte[] json) {
    return parse(TOLERANT, json);
  }

  /**
   * Reads {@code evaluation.json} as it is published: what this registry does not know it can't
   * vouch for, and what is missing must not pass for 0.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  public static Evaluation parseStrictly(byte[] json) {
    return parse(STRICT, json);
  }

  private static Evaluation parse(ObjectReader reader, byte[] json) {
    try {
      return reader.readValue(json);
    } catch (UnrecognizedPropertyException e) {
      throw new IllegalArgumentException(
          path(e) + ": unknown field (expected: one of " + known(e) + ")", e);
    } catch (JsonMappingException e) {
      throw new IllegalArgumentException(
          e.getPath().isEmpty() ? e.getOriginalMessage() : path(e) + ": " + e.getOriginalMessage(),
          e);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static String known(UnrecognizedPropertyException e) {
    return e.getKnownPropertyIds().stream()
        .map(String::valueOf)
        .sorted()
        .collect(Collectors.joining(", "));
  }

  /** Such as {@code environments[2].det}. */
  private static String path(JsonMappingException e) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      if (step.getFieldName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return path.toString();
  }
}
