package dev.earshot.registry.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.earshot.ndp.ModelSummary;
import dev.earshot.ndp.NdpModel;
import dev.earshot.protocol.problem.Problem;
import dev.earshot.registry.TestRelease;
import dev.earshot.registry.client.ReleaseFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluationCheckTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void goodEvaluation_isBelieved() throws IOException {
    assertEquals(List.of(), errors(evaluation()));
  }

  /** Each replaces one value, named by its JSON pointer. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "/modelDigest | 'sha256:0000000000000000000000000000000000000000000000000000000000000000' | modelDigest",
        "/release | 'hey-nova:9.9.9' | release",
        "/thresholdScore | 99 | thresholdScore",
        "/multiplyAccumulates | 3601 | multiplyAccumulates",
        "/parameters | 3599 | parameters",
        "/memoryBytes | 5000 | memoryBytes",
        "/energyPerInferenceMicrojoules | 1.0 | energyPerInferenceMicrojoules",
        "/inferenceMicros | 'NaN' | inferenceMicros",
        "/environments/1/environment | 'kitchen' | environments[1].environment",
        "/environments/0/exposureHours | 'Infinity' | environments[0].exposureHours",
        "/environments/0/det | [] | environments[0].det",
        "/environments/0/det/0/thresholdScore | 101 | environments[0].det",
        "/environments/0/det/0/thresholdScore | -129 | environments[0].det[0].thresholdScore",
        "/environments/0/det/2/thresholdScore | 100 | environments[0].det[2].thresholdScore",
        "/environments/0/det/1/falseAcceptsPerHour | 101 | environments[0].det[1].falseAcceptsPerHour",
        "/environments/0/det/2/falseAcceptsPerHour | -1 | environments[0].det[2].falseAcceptsPerHour",
        "/environments/0/det/2/falseRejectRate | 0.01 | environments[0].det[2].falseRejectRate",
        "/environments/0/det/2/falseRejectRate | 1.01 | environments[0].det[2].falseRejectRate",
        "/environments/0/falseAccepts | 3 | environments[0].falseAccepts",
        "/environments/0/missedWakes | 9 | environments[0].missedWakes",
        "/environments/0/wakeScores/5 | 7 | environments[0].wakeScores",
        "/environments/0/negativeScores/5 | -7 | environments[0].negativeScores, wakeScores",
      })
  void contradiction_isNamed(String pointer, String value, String field) throws IOException {
    List<Problem.FieldError> errors = errors(with(pointer, value));
    assertEquals("evaluation.json." + field, errors.getFirst().field(), errors.toString());
    assertTrue(errors.getFirst().message().contains("(expected: "), errors.toString());
  }

  /** What even the record itself, or strict reading, refuses. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "/environments/0/exposureHours | 0    | exposureHours: 0.0 (expected: > 0)",
        "/environments/0/falseAccepts  | -1   | falseAccepts: -1 (expected: >= 0)",
        "/environments/0/missedWakes   | 201  | missedWakes: 201 (expected: between 0 and",
        "/environments                 | []   | environments: none",
        "/thresholdScore               | null | thresholdScore",
        "/environments/0/det           | null | det",
        "/energy                       | 1.0  | energy: unknown field (expected: one of corpus,",
        "/environments/0/noise         | 1.0  | environments[0].noise: unknown field (expected: one of det,",
      })
  void whatCantBeAccountedFor_isRefusedUnread(String pointer, String value, String message)
      throws IOException {
    byte[] json = with(pointer, value);
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> EvaluationReader.parseStrictly(json));
    assertTrue(String.valueOf(refused.getMessage()).contains(message), refused.getMessage());
  }

  @Test
  void missingField_isRefused() throws IOException {
    ObjectNode root = (ObjectNode) JSON.readTree(evaluation());
    root.remove("parameters");
    byte[] json = JSON.writeValueAsBytes(root);
    assertThrows(IllegalArgumentException.class, () -> EvaluationReader.parseStrictly(json));
  }

  /** A device that just woke falsely is deaf for a second, so a few misses fewer are real. */
  @Test
  void missesHiddenByTheRefractoryTime_areBelieved() throws IOException {
    assertEquals(List.of(), errors(with("/environments/0/det/0/falseRejectRate", "0.07")));
    assertEquals(
        "evaluation.json.environments[0].det[1].falseRejectRate",
        errors(with("/environments/0/det/0/falseRejectRate", "0.08")).getFirst().field());
  }

  @ParameterizedTest
  @ValueSource(strings = {"hey-nova-1.0.0", "hey-nova-1.1.0", "hey-nova-1.2.0"})
  void releasesThatWereTrained_areBelieved(String name) throws IOException {
    Path folder = Path.of("../releases", name);
    assumeTrue(Files.isDirectory(folder), folder + " is not here");
    ReleaseFolder release = ReleaseFolder.read(folder);
    assertEquals(
        List.of(),
        EvaluationCheck.of(
            release.manifest(TestRelease.EXPIRES),
            EvaluationReader.parseStrictly(release.content(ReleaseFile.EVALUATION)),
            proved(release)));
  }

  private static ModelSummary proved(ReleaseFolder release) {
    try {
      return new ModelProof()
          .require(
              release.manifest(TestRelease.EXPIRES),
              release.content(ReleaseFile.MODEL),
              release.content(ReleaseFile.SELF_TEST));
    } catch (RefusedException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] evaluation() throws IOException {
    return TestRelease.of("hey-nova:1.0.0", 1).files().of(ReleaseFile.EVALUATION);
  }

  private static byte[] with(String pointer, String value) throws IOException {
    JsonNode root = JSON.readTree(evaluation());
    int slash = pointer.lastIndexOf('/');
    JsonNode parent = root.at(pointer.substring(0, slash));
    String name = pointer.substring(slash + 1);
    JsonNode node = JSON.readTree(value.replace('\'', '"'));
    if (parent.isArray()) {
      ((ArrayNode) parent).set(Integer.parseInt(name), node);
    } else {
      ((ObjectNode) parent).set(name, node);
    }
    return JSON.writeValueAsBytes(root);
  }

  private static List<Problem.FieldError> errors(byte[] json) throws IOException {
    TestRelease release = TestRelease.of("hey-nova:1.0.0", 1);
    return EvaluationCheck.of(
        release.manifest(),
        EvaluationReader.parseStrictly(json),
        NdpModel.parse(release.files().of(ReleaseFile.MODEL)).summary());
  }
}
