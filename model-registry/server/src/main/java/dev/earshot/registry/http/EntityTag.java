package dev.earshot.registry.http;

import dev.earshot.protocol.Digest;
import org.jspecify.annotations.Nullable;

/**
 * A strong entity tag (RFC 9110, section 8.8.3).
 *
 * @param header with its quotes
 */
public record EntityTag(String header) {
  /** Content named by its digest. */
  public static EntityTag of(Digest digest) {
    return new EntityTag('"' + digest.toString() + '"');
  }

  /** Whether {@code If-None-Match} says that the client has this already. */
  public boolean noneMatchFails(@Nullable String ifNoneMatch) {
    if (ifNoneMatch == null) {
      return false;
    }
    for (String candidate : ifNoneMatch.split(",", -1)) {
      String tag = candidate.strip();
      if (tag.equals("*") || tag.equals(header) || tag.equals("W/" + header)) {
        return true;
      }
    }
    return false;
  }

  /** Whether {@code If-Match} names this, by the strong comparison. */
  public boolean matches(String ifMatch) {
    for (String candidate : ifMatch.split(",", -1)) {
      String tag = candidate.strip();
      if (tag.equals("*") || tag.equals(header)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a range may be served: no {@code If-Range}, or exactly this tag. */
  public boolean rangeHolds(@Nullable String ifRange) {
    return ifRange == null || ifRange.strip().equals(header);
  }
}
