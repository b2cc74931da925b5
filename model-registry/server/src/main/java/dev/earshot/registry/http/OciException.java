package dev.earshot.registry.http;

import java.util.List;

/** An error as the OCI Distribution Specification tells it. Its codes are a closed set there. */
final class OciException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The specification's codes that this registry uses, with their usual status. */
  enum Code {
    BLOB_UNKNOWN(404),
    DIGEST_INVALID(400),
    NAME_INVALID(400),
    NAME_UNKNOWN(404),
    SIZE_INVALID(413),
    BLOB_UPLOAD_INVALID(400),
    UNAUTHORIZED(401),
    UNSUPPORTED(400);

    private final int status;

    Code(int status) {
      this.status = status;
    }
  }

  /** The body: {@code {"errors":[{"code","message"}]}}. */
  record Body(List<Entry> errors) {}

  /** One error. */
  record Entry(String code, String message) {}

  private final Code code;
  private final int status;

  OciException(Code code, String message) {
    this(code, code.status, message);
  }

  OciException(Code code, int status, String message) {
    super(message);
    this.code = code;
    this.status = status;
  }

  int status() {
    return status;
  }

  Body body() {
    return new Body(List.of(new Entry(code.name(), String.valueOf(getMessage()))));
  }
}
