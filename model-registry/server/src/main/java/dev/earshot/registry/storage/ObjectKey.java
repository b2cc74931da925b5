package dev.earshot.registry.storage;

import java.util.regex.Pattern;

/**
 * The form of keys: parts of {@code [A-Za-z0-9._-]}, at most 255 characters each, joined by single
 * slashes, at most 1024 characters in all (S3's bound). No part begins with a dot, so {@code ..}
 * can't be one, and stores may keep what is theirs under such names.
 */
final class ObjectKey {
  private static final int LONGEST = 1024;
  private static final String PART = "[A-Za-z0-9_-][A-Za-z0-9._-]{0,254}";
  private static final Pattern KEY = Pattern.compile(PART + "(?:/" + PART + ")*");
  private static final Pattern PREFIX = Pattern.compile("(?:" + PART + "/)*(?:" + PART + ")?");

  private ObjectKey() {}

  /**
   * @return the key
   * @throws IllegalArgumentException when it is none
   */
  static String require(String key) {
    return require(KEY, key, "key");
  }

  /** The same for what keys may begin with; empty is allowed. */
  static String requirePrefix(String prefix) {
    return require(PREFIX, prefix, "prefix");
  }

  private static String require(Pattern form, String text, String what) {
    if (text.length() > LONGEST || !form.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "%s: '%s' (expected: at most %d characters, parts of A-Z a-z 0-9 . _ - between single slashes, none of which begins with a dot)"
              .formatted(what, text, LONGEST));
    }
    return text;
  }

  static boolean isKey(String text) {
    return text.length() <= LONGEST && KEY.matcher(text).matches();
  }

  /** Whether a file of that name can be a part of a key. */
  static boolean isPart(String name) {
    return name.indexOf('/') < 0 && isKey(name);
  }
}
