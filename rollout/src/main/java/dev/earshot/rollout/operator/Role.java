package dev.earshot.rollout.operator;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What somebody may do; a person may have several. Each of them lets one read everything. */
public enum Role {
  /** Reads. */
  VIEWER,
  /** Validates and previews plans and creates drafts: what a release pipeline needs. */
  PUBLISHER,
  /** Does everything but approve. */
  OPERATOR,
  /** Approves what waits for consent. */
  APPROVER;

  /** Its name in files, tokens and answers. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The role of that name; empty when there is none. */
  public static Optional<Role> of(String word) {
    return Arrays.stream(values()).filter(role -> role.word().equals(word)).findFirst();
  }

  /** All names, for messages. */
  static String words() {
    return Arrays.stream(values()).map(Role::word).collect(Collectors.joining(", "));
  }
}
