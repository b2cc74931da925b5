package dev.earshot.registry.oci;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/** An error as the OCI Distribution Specification tells it. Its codes are a closed set there. */
public final class OciException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The specification's codes, with the status that usually goes with them. */
  public enum Code {
    BLOB_UNKNOWN(404),
    BLOB_UPLOAD_INVALID(400),
    BLOB_UPLOAD_UNKNOWN(404),
    DENIED(403),
    DIGEST_INVALID(400),
    MANIFEST_BLOB_UNKNOWN(404),
    MANIFEST_INVALID(400),
    MANIFEST_UNKNOWN(404),
    NAME_INVALID(400),
    NAME_UNKNOWN(404),
    SIZE_INVALID(413),
    UNAUTHORIZED(401),
    UNSUPPORTED(400);

    private final int status;

    Code(int status) {
      this.status = status;
    }
  }

  /** The body: {@code {"errors":[{"code","message"}]}}. */
  public record Body(List<Entry> errors) {
    public Body {
      errors = List.copyOf(errors);
    }
  }

  /**
   * One error.
   *
   * @param detail what a program can use, such as the digest that is missing; may be empty
   */
  public record Entry(
      String code,
      String message,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> detail) {
    public Entry {
      detail = Map.copyOf(detail);
    }
  }

  private final int status;
  private final transient Body body;

  public OciException(Code code, String message) {
    this(code, code.status, message);
  }

  public OciException(Code code, int status, String message) {
    this(status, List.of(new Entry(code.name(), message, Map.of())));
  }

  private OciException(int status, List<Entry> errors) {
    super(errors.getFirst().message());
    this.status = status;
    this.body = new Body(errors);
  }

  /** One error for each digest that a manifest names and the repository does not have. */
  static OciException missing(Map<String, String> digestByField) {
    return new OciException(
        Code.MANIFEST_BLOB_UNKNOWN.status,
        digestByField.entrySet().stream()
            .map(
                missing ->
                    new Entry(
                        Code.MANIFEST_BLOB_UNKNOWN.name(),
                        missing.getKey()
                            + ": "
                            + missing.getValue()
                            + " is not in this repository (fix: push or mount it first)",
                        Map.of("digest", missing.getValue())))
            .toList());
  }

  /** The HTTP status that goes with it. */
  public int status() {
    return status;
  }

  public Body body() {
    return body;
  }
}
