package dev.earshot.rollout.lifecycle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

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

  /** The first gate that finds harm. */
  Optional<GateReport> harm() {
    return gates.stream().filter(GateReport::isHarm).findFirst();
  }

  /** Whether every question about a margin is answered in the release's favour. */
  boolean nonInferior() {
    return gates.stream()
        .filter(gate -> gate.question().equals(GateReport.NON_INFERIORITY))
        .allMatch(gate -> gate.verdict().equals("non_inferior"));
  }

  /** What is missing to pass, in words; empty when nothing is. */
  String missing() {
    StringBuilder text = new StringBuilder();
    for (GateReport gate : gates) {
      if (gate.question().equals(GateReport.NON_INFERIORITY)
          && gate.verdict().equals("undecided")) {
        text.append(text.isEmpty() ? "" : "; ").append(describe(gate));
      }
    }
    return text.toString();
  }

  String json() {
    try {
      return JSON.writeValueAsString(gates);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a gate report is plain data", e);
    }
  }

  /** One line for people. */
  static String describe(GateReport gate) {
    String what =
        String.format(
            Locale.ROOT,
            "%s: evidence ln e %.2f of %.2f that the rate is below %.2fx",
            gate.metric(),
            gate.logE(),
            gate.logThreshold(),
            gate.limit());
    Double missing = gate.missingExposure();
    return missing == null
        ? what
        : what
            + String.format(
                Locale.ROOT,
                ", about %.0f more treated device-%s",
                missing,
                gate.treated().unit().equals("h") ? "hours" : gate.treated().unit());
  }

  /** Why a release is stopped, in one line. */
  static String alarm(GateReport gate) {
    Double estimate = gate.estimate();
    String ratio = estimate == null ? "unknown" : String.format(Locale.ROOT, "%.2f", estimate);
    boolean share = gate.control() == null;
    return String.format(
        Locale.ROOT,
        "%s %s %s%s (ln e %.2f >= %.2f)",
        gate.metric(),
        share ? "share" : "rate ratio",
        ratio,
        share ? String.format(Locale.ROOT, ", limit %.2f", gate.limit()) : "",
        gate.logE(),
        gate.logThreshold());
  }
}
