package dev.earshot.gateway.limits;

import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.problem.NearestName;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The fleets that have limits of their own, one a line:
 *
 * <pre>
 * # remarks begin with #
 * home connections=5000 connects-per-second=50 messages-per-second=2000 payload-bytes=8192
 * lab messages-per-second=10
 * </pre>
 *
 * What a line leaves out is as it is for all other fleets.
 */
final class FleetTable {
  private static final List<String> KEYS =
      Arrays.stream(Key.values()).map(key -> key.text).toList();

  private final Map<String, FleetLimits> own;
  private final FleetLimits others;

  private FleetTable(Map<String, FleetLimits> own, FleetLimits others) {
    this.own = Map.copyOf(own);
    this.others = others;
  }

  /** No fleet has limits of its own. */
  static FleetTable of(FleetLimits all) {
    return new FleetTable(Map.of(), all);
  }

  /**
   * Reads the file.
   *
   * @throws IllegalArgumentException naming the line, the key and what was expected
   */
  static FleetTable parse(byte[] bytes, FleetLimits others) {
    Map<String, FleetLimits> own = new HashMap<>();
    int number = 0;
    for (String line : new String(bytes, StandardCharsets.UTF_8).lines().toList()) {
      number++;
      String text = line.strip();
      if (!text.isEmpty() && !text.startsWith("#")) {
        try {
          add(text.split("\\s+"), own, others);
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException("line " + number + ": " + e.getMessage(), e);
        }
      }
    }
    return new FleetTable(own, others);
  }

  private static void add(String[] words, Map<String, FleetLimits> own, FleetLimits others) {
    String fleet = new DeviceId(words[0], "any").fleet();
    if (own.containsKey(fleet)) {
      throw new IllegalArgumentException(
          "fleet: '" + fleet + "' has a line already (expected: one line for a fleet)");
    }
    Map<Key, Integer> given = new EnumMap<>(Key.class);
    for (int i = 1; i < words.length; i++) {
      addLimit(words[i], given);
    }
    if (given.isEmpty()) {
      throw new IllegalArgumentException(
          "fleet: '" + fleet + "' without a limit (expected: " + String.join("=N, ", KEYS) + "=N)");
    }
    Integer connects = given.get(Key.CONNECTS);
    Integer messages = given.get(Key.MESSAGES);
    own.put(
        fleet,
        new FleetLimits(
            given.getOrDefault(Key.CONNECTIONS, others.connections()),
            connects == null ? others.connects() : FleetLimits.connectsPerSecond(connects),
            messages == null ? others.messages() : FleetLimits.messagesPerSecond(messages),
            given.getOrDefault(Key.PAYLOAD, others.payloadBytes())));
  }

  private static void addLimit(String word, Map<Key, Integer> given) {
    int equals = word.indexOf('=');
    Key key = Key.of(equals < 0 ? word : word.substring(0, equals));
    if (given.put(key, key.number(equals < 0 ? "" : word.substring(equals + 1))) != null) {
      throw new IllegalArgumentException(key.text + ": given twice (expected: once)");
    }
  }

  /** What holds for that fleet. */
  FleetLimits limits(String fleet) {
    return own.getOrDefault(fleet, others);
  }

  private enum Key {
    CONNECTIONS("connections", 0, FleetLimits.MOST_CONNECTIONS),
    CONNECTS("connects-per-second", 0, FleetLimits.MOST_CONNECTS_PER_SECOND),
    MESSAGES("messages-per-second", 0, FleetLimits.MOST_MESSAGES_PER_SECOND),
    PAYLOAD("payload-bytes", FleetLimits.SMALLEST_PAYLOAD_BYTES, FleetLimits.LARGEST_PAYLOAD_BYTES);

    private final String text;
    private final int lowest;
    private final int highest;

    Key(String text, int lowest, int highest) {
      this.text = text;
      this.lowest = lowest;
      this.highest = highest;
    }

    static Key of(String text) {
      for (Key key : values()) {
        if (key.text.equals(text)) {
          return key;
        }
      }
      throw new IllegalArgumentException(
          "'%s' is no limit (%s)"
              .formatted(
                  text,
                  NearestName.of(text, KEYS)
                      .map(nearest -> "did you mean " + nearest + "?")
                      .orElse("expected: " + String.join(", ", KEYS))));
    }

    int number(String digits) {
      try {
        int value = Integer.parseInt(digits);
        if (value >= lowest && value <= highest) {
          return value;
        }
      } catch (NumberFormatException e) {
        // Told below, as what is out of range is.
      }
      throw new IllegalArgumentException(
          "%s: '%s' (expected: a whole number from %d to %d)"
              .formatted(text, digits, lowest, highest));
    }
  }
}
