package dev.earshot.simulator.scenario;

import dev.earshot.protocol.document.Durations;
import dev.earshot.protocol.problem.NearestName;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what a scenario expects: {@code rollout ramp is ROLLED_BACK before 2h}, or a figure of the
 * report against a limit, {@code lost acknowledged heartbeats = 0}. Whether the report has such a
 * figure, only the report knows.
 */
final class ExpectationParser {
  /** What is understood of a line's form; the published schema says the same. */
  static final String PATTERN =
      "^\\s*(?:rollout\\s+([A-Za-z0-9][A-Za-z0-9._-]{0,63})\\s+is\\s+([A-Za-z][A-Za-z_ -]*?)"
          + "(?:\\s+before\\s+([0-9A-Z][0-9A-Za-z.]*))?"
          + "|(?!rollout\\s+\\S+\\s+is\\s)([A-Za-z][A-Za-z0-9 _./%-]*?)\\s*(<=|>=|=|<|>)\\s*"
          + "(-?[0-9]{1,15}(?:[.][0-9]{1,9})?))\\s*$";

  private static final Pattern LINE = Pattern.compile(PATTERN);
  private static final String FORMS =
      "expected: 'rollout ID is STATE before 2h' or 'figure = 0', with = < <= > or >=";

  private ExpectationParser() {}

  /**
   * Parses one line.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  static Expectation parse(String text) {
    Matcher line = LINE.matcher(text);
    if (!line.matches()) {
      throw new IllegalArgumentException("'" + text + "' (" + FORMS + ")");
    }
    String id = line.group(1);
    if (id == null) {
      return new Expectation.Figure(
          text.strip(),
          line.group(4).strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT),
          line.group(5),
          Double.parseDouble(line.group(6)));
    }
    Optional<Duration> before = Optional.ofNullable(line.group(3)).map(Durations::parse);
    return new Expectation.RolloutState(text.strip(), id, state(line.group(2)), before);
  }

  private static String state(String written) {
    String state = written.strip().toLowerCase(Locale.ROOT).replaceAll("[ -]+", "_");
    if (!ScenarioWords.ROLLOUT_STATES.contains(state)) {
      throw new IllegalArgumentException(
          "'"
              + written
              + "' is no state of a rollout"
              + NearestName.of(state, ScenarioWords.ROLLOUT_STATES)
                  .map(near -> "; did you mean " + near + "?")
                  .orElse(
                      " (expected: one of "
                          + String.join(", ", ScenarioWords.ROLLOUT_STATES)
                          + ")"));
    }
    return state;
  }
}
