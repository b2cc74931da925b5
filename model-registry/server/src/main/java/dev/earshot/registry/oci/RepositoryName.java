package dev.earshot.registry.oci;

import dev.earshot.registry.oci.OciException.Code;
import java.util.regex.Pattern;

/**
 * The name of a repository, such as {@code hey-nova} or {@code mirror/models/hey-nova}. Its form
 * leaves no way out of a folder: no part is empty, starts with a dot, or with the underscore that
 * the registry's own folders start with.
 *
 * @param value at most 255 characters
 */
public record RepositoryName(String value) {
  private static final int LONGEST = 255;
  private static final String PART = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*+";
  private static final Pattern FORM = Pattern.compile(PART + "(?:/" + PART + ")*+");

  public RepositoryName {
    if (value.length() > LONGEST || !FORM.matcher(value).matches()) {
      throw new OciException(
          Code.NAME_INVALID,
          "name: '"
              + value
              + "' (expected: at most 255 characters, parts of a-z 0-9 with single . _ - between)");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
