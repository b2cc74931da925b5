package dev.earshot.ndp.frontend;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The front ends that a release can ask for, by the names that stand in its manifest. */
public enum NamedFrontEnd {
  STREAMING_WAKE_WORD("streaming-wake-word", FrontEndParameters.STREAMING_WAKE_WORD),
  KEYWORD_SPOTTING("keyword-spotting-mfcc", FrontEndParameters.KEYWORD_SPOTTING),
  NDP101("ndp101-log-mel", FrontEndParameters.NDP101);

  private final String label;

  @SuppressWarnings("ImmutableEnumChecker") // all of them are records of numbers
  private final FrontEndParameters parameters;

  NamedFrontEnd(String label, FrontEndParameters parameters) {
    this.label = label;
    this.parameters = parameters;
  }

  /** As it stands in a manifest. */
  public String label() {
    return label;
  }

  public FrontEndParameters parameters() {
    return parameters;
  }

  /** The front end of that name, where there is one. */
  public static Optional<NamedFrontEnd> find(String label) {
    return Arrays.stream(values()).filter(one -> one.label.equals(label)).findFirst();
  }

  /**
   * The parameters of that name.
   *
   * @throws IllegalArgumentException when there is no such front end; the message names those that
   *     there are
   */
  public static FrontEndParameters require(String label) {
    return find(label)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "frontEnd: '" + label + "' (expected: one of " + labels() + ")"))
        .parameters();
  }

  /** All names, for messages. */
  public static String labels() {
    return Arrays.stream(values()).map(NamedFrontEnd::label).collect(Collectors.joining(", "));
  }
}
