package dev.earshot.protocol.release;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a release, {@code name:MAJOR.MINOR.PATCH[-pre]}. The name follows OCI's rule for
 * repository names (one component); versions order as in Semantic Versioning 2.0.0 without build
 * metadata.
 */
public record ReleaseRef(String name, String version) implements Comparable<ReleaseRef> {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]+(?:[._-][a-z0-9]+)*");
  private static final Pattern VERSION =
      Pattern.compile(
          "(0|[1-9]\\d{0,8})\\.(0|[1-9]\\d{0,8})\\.(0|[1-9]\\d{0,8})(?:-([0-9A-Za-z.-]{1,32}))?");
  private static final int LONGEST = 96;

  public ReleaseRef {
    if (!NAME.matcher(name).matches() || name.length() > 48) {
      throw new IllegalArgumentException(
          "name: '" + name + "' (expected: at most 48 of a-z 0-9 with single . _ - between)");
    }
    if (!VERSION.matcher(version).matches()) {
      throw new IllegalArgumentException(
          "version: '" + version + "' (expected: MAJOR.MINOR.PATCH, such as 1.4.0)");
    }
  }

  /** Parses {@code name:version}. */
  public static ReleaseRef parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0 || text.length() > LONGEST) {
      throw new IllegalArgumentException(
          "release: '" + text + "' (expected: name:version, such as hey-nova:1.4.0)");
    }
    return new ReleaseRef(text.substring(0, colon), text.substring(colon + 1));
  }

  /** The path under which the image side of the trust chain lists its manifest. */
  public String manifestPath() {
    return name + "/" + version + "/manifest.json";
  }

  @Override
  public int compareTo(ReleaseRef other) {
    int byName = name.compareTo(other.name);
    return byName != 0 ? byName : compareVersions(version, other.version);
  }

  @Override
  public String toString() {
    return name + ":" + version;
  }

  private static int compareVersions(String left, String right) {
    Matcher a = matched(left);
    Matcher b = matched(right);
    for (int group = 1; group <= 3; group++) {
      int order =
          Integer.compare(Integer.parseInt(a.group(group)), Integer.parseInt(b.group(group)));
      if (order != 0) {
        return order;
      }
    }
    String preA = a.group(4);
    String preB = b.group(4);
    if (preA == null || preB == null) {
      return preA == null ? (preB == null ? 0 : 1) : -1;
    }
    return Comparator.<String>naturalOrder().compare(preA, preB);
  }

  private static Matcher matched(String version) {
    Matcher matcher = VERSION.matcher(version);
    if (!matcher.matches()) {
      throw new IllegalStateException("a ReleaseRef holds only valid versions: " + version);
    }
    return matcher;
  }
}
