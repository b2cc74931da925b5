package dev.earshot.protocol.problem;

/**
 * The kinds of problem that Earshot's HTTP interfaces answer with. Clients switch on {@link
 * #uri()}; it never changes its meaning.
 */
public enum ProblemType {
  INVALID_REQUEST("invalid-request", 400, "The request is not valid"),
  UNAUTHENTICATED("unauthenticated", 401, "Who you are is not known"),
  FORBIDDEN("forbidden", 403, "Your role does not allow this"),
  NOT_FOUND("not-found", 404, "There is no such resource"),
  METHOD_NOT_ALLOWED("method-not-allowed", 405, "The resource does not do that"),
  CONFLICT("conflict", 409, "The request contradicts what is there"),
  ILLEGAL_TRANSITION("illegal-transition", 409, "The resource is not in a state that allows this"),
  PRECONDITION_FAILED("precondition-failed", 412, "The resource has changed meanwhile"),
  PAYLOAD_TOO_LARGE("payload-too-large", 413, "The content is larger than allowed"),
  RANGE_NOT_SATISFIABLE("range-not-satisfiable", 416, "The range lies outside the content"),
  MODEL_REFUSED("model-refused", 422, "The model can't be released"),
  SIGNATURE_REFUSED("signature-refused", 422, "The signature does not hold"),
  IDEMPOTENCY_KEY_REUSED(
      "idempotency-key-reused", 422, "The idempotency key belongs to another request"),
  PRECONDITION_REQUIRED("precondition-required", 428, "Say which version you mean to change"),
  INTERNAL("internal", 500, "Something is broken on our side"),
  UNAVAILABLE("unavailable", 503, "Not ready yet, or not able to store the request");

  private final String slug;
  private final int status;
  private final String title;

  ProblemType(String slug, int status, String title) {
    this.slug = slug;
    this.status = status;
    this.title = title;
  }

  /** The stable identifier, a relative reference as RFC 9457 allows. */
  public String uri() {
    return "/problems/" + slug;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  public String title() {
    return title;
  }
}
