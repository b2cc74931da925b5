package dev.earshot.registry.storage;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.NoSuchFileException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;

/** Tells what the client library throws in this package's words. */
final class S3Failure {
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int UNSATISFIABLE = 416;

  private S3Failure() {}

  /** Whether the object, and not the bucket, is what is missing. */
  static boolean absent(SdkException failure) {
    return failure instanceof AwsServiceException service
        && service.statusCode() == NOT_FOUND
        && !code(service).equals("NoSuchBucket");
  }

  /** Whether the store as a whole can't be used, and not just this request. */
  static boolean ofTheStore(SdkException failure) {
    return !(failure instanceof AwsServiceException service)
        || service.statusCode() / 100 == 5
        || service.statusCode() == FORBIDDEN
        || code(service).equals("NoSuchBucket");
  }

  /** As callers of the store see it. */
  static IOException of(S3Settings settings, String key, SdkException failure) {
    if (absent(failure)) {
      return new NoSuchFileException(settings.location() + key);
    }
    if (failure instanceof AbortedException) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException(settings.location() + key);
      interrupted.initCause(failure);
      return interrupted;
    }
    if (failure instanceof AwsServiceException service && service.statusCode() == UNSATISFIABLE) {
      return new EOFException(settings.location() + key + ": " + reason(failure));
    }
    return new IOException(settings.location() + key + ": " + reason(failure), failure);
  }

  /** At start, with what an operator can do about it. */
  static IOException atStart(S3Settings settings, SdkException failure) {
    return new IOException(
        "%s at %s: %s (fix: %s)"
            .formatted(settings.location(), settings.where(), reason(failure), fix(failure)),
        failure);
  }

  private static String reason(SdkException failure) {
    if (failure instanceof AwsServiceException service) {
      AwsErrorDetails details = service.awsErrorDetails();
      String text = details == null ? null : details.errorMessage();
      return "HTTP %d %s%s"
          .formatted(service.statusCode(), code(service), text == null ? "" : ", " + text);
    }
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }

  private static String fix(SdkException failure) {
    if (failure instanceof AwsServiceException service) {
      return switch (code(service)) {
        case "NoSuchBucket" -> "create the bucket, or correct EARSHOT_BLOB_STORE";
        case "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraint" ->
            "set EARSHOT_S3_REGION to the bucket's region";
        case "SignatureDoesNotMatch", "InvalidAccessKeyId", "ExpiredToken", "InvalidToken" ->
            "correct AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the profile in AWS_PROFILE";
        case "RequestTimeTooSkewed" -> "correct this machine's clock";
        default ->
            service.statusCode() / 100 == 5
                ? "see what the store's own log says"
                : "allow these credentials to list, get, put and delete objects in the bucket";
      };
    }
    return String.valueOf(failure.getMessage()).contains("credentials")
        ? "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"
        : "check EARSHOT_S3_ENDPOINT and the network";
  }

  private static String code(AwsServiceException failure) {
    AwsErrorDetails details = failure.awsErrorDetails();
    String code = details == null ? null : details.errorCode();
    return code == null ? "" : code;
  }
}
