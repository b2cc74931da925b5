package dev.earshot.rollout.operator;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Somebody who is known.
 *
 * @param name as the audit trail shows it: letters, digits and {@code . _ @ + | : -}, at most 128
 * @param roles what they may do; may be empty
 */
public record Operator(String name, Set<Role> roles) {
  /** The name of whoever has the admin token. */
  public static final String ADMIN = "admin";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._@+|:-]{1,128}");

  /** Actors of the audit trail that are no people, and the one that only the admin token has. */
  private static final Set<String> RESERVED = Set.of(ADMIN, "gate", "plan");

  public Operator {
    EnumSet<Role> sorted = EnumSet.noneOf(Role.class);
    sorted.addAll(roles);
    roles = Collections.unmodifiableSet(sorted);
  }

  /** The holder of the admin token, who has every role. */
  static Operator admin() {
    return new Operator(ADMIN, EnumSet.allOf(Role.class));
  }

  /**
   * Somebody from outside.
   *
   * @throws IllegalArgumentException when the name can't be an operator's
   */
  static Operator named(String name, Collection<Role> roles) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "name: '" + name + "' (expected: 1 to 128 letters, digits and . _ @ + | : -)");
    }
    if (RESERVED.contains(name)) {
      throw new IllegalArgumentException("name: '" + name + "' is reserved (expected: another)");
    }
    return new Operator(name, Set.copyOf(roles));
  }

  /** Whether they have one of these roles. */
  public boolean hasAny(Collection<Role> wanted) {
    return wanted.stream().anyMatch(roles::contains);
  }
}
