package dev.earshot.registry.http;

import dev.earshot.registry.oci.OciException;
import dev.earshot.registry.oci.OciException.Code;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a chunk lies in its blob, as OCI writes it: a {@code Content-Range} without a unit.
 *
 * @param first offset of its first byte
 * @param last offset of its last byte, inclusive
 */
record UploadRange(long first, long last) {
  static final int UNSATISFIABLE = 416;
  private static final Pattern FORM = Pattern.compile("(\\d{1,18})-(\\d{1,18})");

  /**
   * What the request says; empty when it says nothing and so means "what comes next".
   *
   * @throws OciException when it is malformed, or not as long as the body is said to be
   */
  static Optional<UploadRange> of(HttpServerRequest request) {
    String header = request.getHeader(HttpHeaders.CONTENT_RANGE);
    if (header == null) {
      return Optional.empty();
    }
    Matcher matcher = FORM.matcher(header.strip());
    if (!matcher.matches()) {
      throw malformed(header);
    }
    UploadRange range =
        new UploadRange(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
    if (range.last < range.first) {
      throw malformed(header);
    }
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length != null && !length.equals(Long.toString(range.length()))) {
      throw new OciException(
          Code.SIZE_INVALID,
          400,
          "Content-Length: " + length + " (expected: " + range.length() + ", the range's length)");
    }
    return Optional.of(range);
  }

  private static OciException malformed(String header) {
    return new OciException(
        Code.BLOB_UPLOAD_INVALID,
        UNSATISFIABLE,
        "Content-Range: '" + header + "' (expected: <first>-<last>, such as 0-65535)");
  }

  long length() {
    return last - first + 1;
  }

  /** The {@code Range} header of an upload that has that many bytes; of none, too, "0-0". */
  static String present(long bytes) {
    return "0-" + Math.max(0, bytes - 1);
  }
}
