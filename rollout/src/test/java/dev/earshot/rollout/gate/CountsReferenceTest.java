package dev.earshot.rollout.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole files through the counts gate, against an independent computation in 60-digit arithmetic:
 * reference.py wrote both the files and what is expected of them.
 */
class CountsReferenceTest {
  private static final double ULP = 0x1p-53;

  private static String resource(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(CountsReferenceTest.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static List<Device> devices(String text) {
    return assertInstanceOf(GateFile.Read.class, GateFile.parse(text)).devices();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "two-strata",
        "harmless",
        "non-inferior",
        "other-settings",
        "no-history",
        "unequal-arms",
        "repeated-lines",
        "empty-arm",
        "one-device",
        "one-device-in-an-arm",
        "no-exposure",
        "nothing-happened",
        "huge-counts"
      })
  void everyNumber_agreesWithTheReference(String name) throws IOException {
    JsonNode expected = new ObjectMapper().readTree(resource("counts/expected.json")).get(name);
    List<Device> devices = devices(resource("counts/" + name + ".csv"));
    CountsSettings settings =
        new CountsSettings(
            expected.get("theta0").asDouble(),
            expected.get("shape").asDouble(),
            expected.get("tau").asDouble());

    CountsEvaluation evaluation = CountsGate.evaluate(devices, settings);

    double lost = lost(evaluation);
    assertEvidence(expected.get("pooled"), evaluation.pooled(), lost);
    assertEquals(expected.get("strata").size(), evaluation.strata().size());
    evaluation
        .strata()
        .forEach(
            (stratum, evidence) ->
                assertEvidence(expected.get("strata").get(stratum), evidence, lost));
    double logE = expected.get("log_e").asDouble();
    assertEquals(logE, evaluation.combinedLogE(), (1e-12 + lost) * Math.max(1, Math.abs(logE)));
    Verdict verdict = Decisions.countsAlone(evaluation, AlphaBudget.DEFAULT);
    assertEquals(
        expected.get("decision").asText(),
        switch (verdict) {
          case Verdict.Harm harm -> "harm";
          case Verdict.NonInferior good -> "non-inferior";
          case Verdict.Undecided open -> "undecided";
        });
    List<Device> permuted = new ArrayList<>(devices);
    Collections.shuffle(permuted, new Random(name.hashCode()));
    assertEquals(evaluation, CountsGate.evaluate(permuted, settings), "bit for bit");
  }

  /**
   * Relative precision that the variance loses because the sums of n^2, n M and M^2 nearly cancel:
   * nothing to speak of unless devices count thousands of events.
   */
  private static double lost(CountsEvaluation evaluation) {
    double lost = 0;
    for (TwoArms arms : evaluation.arms().values()) {
      double a = CountsScore.of(arms).a();
      double squares = arms.treated().w2n2() + arms.control().w2n2();
      lost = Math.max(lost, a > 0 ? 16 * ULP * squares / a : 0);
    }
    return lost;
  }

  private static void assertEvidence(JsonNode expected, Evidence actual, double lost) {
    double tolerance = 1e-12 + lost;
    double a = expected.get("A").asDouble();
    double v = expected.get("V").asDouble();
    assertEquals(a, actual.a(), 1e-12 * a, "A");
    assertEquals(expected.get("U").asDouble(), actual.u(), 1e-11 * Math.max(1e-300, a), "U");
    assertEquals(v, actual.v(), tolerance * v, "V");
    assertEquals(expected.get("S").asDouble(), actual.s(), 10 * tolerance * a, "S");
    assertEquals(expected.get("J").asDouble(), actual.j(), 10 * tolerance * a, "J");
    assertNumber(expected.get("psi"), actual.psi(), 1e-11, "psi");
    assertNumber(expected.get("z"), actual.z(), 10 * tolerance * Math.sqrt(v), "z");
    double logE = expected.get("log_e").asDouble();
    assertEquals(logE, actual.logE(), 10 * tolerance * Math.max(1, Math.abs(logE)), "log_e");
    assertEquals(expected.get("guard").asBoolean(), actual.guard(), "guard");
  }

  private static void assertNumber(
      JsonNode expected, double actual, double tolerance, String what) {
    if (expected.isNull()) {
      assertEquals(Double.NaN, actual, what);
    } else {
      assertEquals(expected.asDouble(), actual, tolerance, what);
    }
  }
}
