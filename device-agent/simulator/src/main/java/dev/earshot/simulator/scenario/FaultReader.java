package dev.earshot.simulator.scenario;

import dev.earshot.protocol.document.Fields;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a fault. How much is written as {@code magnitude} or, better, by the name of the kind's
 * unit, such as {@code milliseconds}.
 */
final class FaultReader {
  private static final List<String> UNITS =
      Arrays.stream(Fault.Kind.values())
          .map(kind -> kind.amount().field())
          .filter(field -> !field.isEmpty())
          .toList();

  private FaultReader() {}

  static Fault fault(Fields fields, Duration end) {
    fields.requiredText("kind");
    Optional<Fault.Kind> known =
        Optional.ofNullable(fields.optionalWord("kind", ScenarioWords.FAULTS));
    Fault.Kind kind = known.orElse(Fault.Kind.PACKET_LOSS);
    double rate = fields.number("rate", kind.usualRate());
    double magnitude = fields.number("magnitude", kind.amount().usual());
    String written = "magnitude";
    for (String unit : UNITS) {
      double inUnit = fields.number(unit, kind.amount().usual());
      if (fields.has(unit)) {
        if (!unit.equals(kind.amount().field()) && known.isPresent()) {
          fields.error(unit, "has no meaning for " + kind.word() + expected(kind));
        } else if (fields.has("magnitude")) {
          fields.error("magnitude", "is another name of " + unit + " (expected: one of the two)");
        } else if (known.isPresent()) {
          magnitude = inUnit;
          written = unit;
        }
      }
    }
    Duration from = fields.duration("from", Duration.ZERO);
    Duration until = fields.duration("until", end.compareTo(from) > 0 ? end : from.plusMillis(1));
    Set<String> groups = new HashSet<>(ScenarioReader.orEmpty(fields.texts("groups")));
    double amount = magnitude;
    String field = written;
    return fields.build(
        () ->
            known.isPresent()
                ? new Fault(kind, rate, amount, from, until, groups)
                : Fault.of(kind, kind.usualRate()),
        Fault.of(kind, kind.usualRate()),
        name -> name.equals("magnitude") ? field : name);
  }

  private static String expected(Fault.Kind kind) {
    String field = kind.amount().field();
    return field.isEmpty() ? "" : " (expected: " + field + ")";
  }
}
