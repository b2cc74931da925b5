package dev.earshot.registry.http;

import dev.earshot.protocol.Digest;
import dev.earshot.registry.oci.OciException;
import dev.earshot.registry.oci.OciException.Code;
import dev.earshot.registry.oci.RepositoryName;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * How an upload session is called in a URL: its id, and a few digits that come out otherwise for
 * another repository, so that an upload ends where it began. That is order, not secrecy: the id is
 * the secret.
 */
final class UploadReference {
  private static final char SEPARATOR = '-';

  private UploadReference() {}

  static String of(RepositoryName name, String id) {
    byte[] text = (name + " " + id).getBytes(StandardCharsets.UTF_8);
    return id + SEPARATOR + Digest.of(text).abbreviated();
  }

  /**
   * The session's id.
   *
   * @throws OciException when it is no upload of this repository
   */
  static String id(RepositoryName name, @Nullable String reference) {
    String text = String.valueOf(reference);
    int separator = text.indexOf(SEPARATOR);
    if (separator < 0 || !of(name, text.substring(0, separator)).equals(text)) {
      throw unknown();
    }
    return text.substring(0, separator);
  }

  static OciException unknown() {
    return new OciException(
        Code.BLOB_UPLOAD_UNKNOWN,
        "upload: none of that name in this repository; it never was, ended, or was given up (fix: begin again)");
  }
}
