package dev.earshot.rollout.lifecycle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * All gates of a rollout at one moment.
 *
 * @param gates each gate
 */
record Reading(List<GateReport> gates) {
  private static final ObjectMapper JSON = new ObjectMapper();

  Reading {
    gates = List.copyOf(gates);
  }

  /** A gate that finds harm, the one that brings devices back before one that only pauses. */
  Optional<GateReport> harm() {
    return gates.stream()
        .filter(GateReport::findsHarm)
        .min(Comparator.comparing(gate -> !gate.rollsBack()));
  }

  /** Whether every question about a margin is answered in the release's favour. */
  boolean nonInferior() {
    return gates.stream()
        .filter(GateReport::asksNonInferiority)
        .allMatch(gate -> gate.verdict().equals(GateReport.NON_INFERIOR));
  }

  /** What is missing to pass, in words, one for each question that is open. */
  List<String> missing() {
    return open().map(Reading::describe).toList();
  }

  /** Fleet hours until every margin is likely shown; empty when that can't be said. */
  OptionalDouble missingHours() {
    List<GateReport> open = open().toList();
    if (open.isEmpty()) {
      return OptionalDouble.of(0);
    }
    return open.stream().allMatch(gate -> gate.missingHours() != null)
        ? open.stream()
            .map(GateReport::missingHours)
            .filter(Objects::nonNull)
            .mapToDouble(Double::doubleValue)
            .max()
        : OptionalDouble.empty();
  }

  String json() {
    try {
      return JSON.writeValueAsString(gates);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a gate report is plain data", e);
    }
  }

  /** Why a release is stopped, in one line. */
  static String alarm(GateReport gate) {
    return String.format(
        Locale.ROOT,
        "%s: %s, evidence e = %.3g (needed %.0f)",
        words(gate),
        estimate(gate),
        Math.exp(gate.logE()),
        Math.exp(gate.logThreshold()));
  }

  private static String estimate(GateReport gate) {
    Double estimate = gate.estimate();
    if (estimate == null) {
      return "no ratio can be given";
    }
    return switch (gate.metric()) {
      case "failed_updates" ->
          String.format(
              Locale.ROOT, "%.1f %% where %.1f %% may", 100 * estimate, 100 * gate.limit());
      case "balance" ->
          String.format(
              Locale.ROOT,
              "%.1f %% are treated where %.1f %% were drawn",
              100 * estimate,
              100 * gate.limit());
      default -> String.format(Locale.ROOT, "%.2fx of control", estimate);
    };
  }

  private static String describe(GateReport gate) {
    String what =
        String.format(Locale.ROOT, "%s not yet shown to be below %.2fx", words(gate), gate.limit());
    Double missing = gate.missingExposure();
    return missing == null
        ? what
        : what
            + String.format(
                Locale.ROOT,
                ", some %.0f more %s",
                missing,
                gate.treated().unit().equals("h")
                    ? "device-hours of treated devices"
                    : gate.treated().unit() + " on treated devices");
  }

  private static String words(GateReport gate) {
    return gate.metric().replace('_', ' ');
  }

  private Stream<GateReport> open() {
    return gates.stream()
        .filter(gate -> gate.asksNonInferiority() && gate.verdict().equals(GateReport.UNDECIDED));
  }
}
