package dev.earshot.registry.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which bytes of a resource a {@code Range} header asks for (RFC 9110, section 14). One range is
 * served; several, other units, and malformed headers are answered with the whole, as the RFC
 * allows.
 */
public sealed interface ByteRange {
  /** All of it. */
  record Whole() implements ByteRange {}

  /**
   * A part.
   *
   * @param first offset of its first byte
   * @param last offset of its last byte, inclusive, below {@code total}
   * @param total length of the resource
   */
  record Part(long first, long last, long total) implements ByteRange {
    public long length() {
      return last - first + 1;
    }

    /** The {@code Content-Range} header. */
    public String contentRange() {
      return "bytes " + first + "-" + last + "/" + total;
    }
  }

  /** Nothing of it exists. */
  record Unsatisfiable(long total) implements ByteRange {
    /** The {@code Content-Range} header. */
    public String contentRange() {
      return "bytes */" + total;
    }
  }

  /** Digits are bounded so that they fit a long. */
  Pattern ONE_RANGE = Pattern.compile("bytes=\\s*(\\d{0,18})\\s*-\\s*(\\d{0,18})\\s*");

  /**
   * @param header the {@code Range} header, when there is one
   * @param total length of the resource in bytes
   */
  static ByteRange of(@Nullable String header, long total) {
    if (header == null) {
      return new Whole();
    }
    Matcher matcher = ONE_RANGE.matcher(header);
    if (!matcher.matches()) {
      return new Whole();
    }
    String first = matcher.group(1);
    String last = matcher.group(2);
    if (first.isEmpty()) {
      return last.isEmpty() ? new Whole() : suffix(Long.parseLong(last), total);
    }
    long from = Long.parseLong(first);
    long to = last.isEmpty() ? total - 1 : Long.parseLong(last);
    if (!last.isEmpty() && to < from) {
      return new Whole();
    }
    return from >= total
        ? new Unsatisfiable(total)
        : new Part(from, Math.min(to, total - 1), total);
  }

  /** The last bytes. */
  private static ByteRange suffix(long length, long total) {
    return length == 0 || total == 0
        ? new Unsatisfiable(total)
        : new Part(Math.max(0, total - length), total - 1, total);
  }
}
