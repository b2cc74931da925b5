package dev.earshot.registry.oci;

import dev.earshot.protocol.Digest;
import dev.earshot.registry.oci.OciException.Code;
import java.util.regex.Pattern;

/** How a request names a manifest. */
public sealed interface Reference {
  /** The tag's form; it can't be {@code .} or {@code ..}, nor hold a slash. */
  Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}");

  /** By a name that can be given to another manifest later. */
  record Tag(String value) implements Reference {
    public Tag {
      if (!TAG.matcher(value).matches()) {
        throw new IllegalArgumentException(
            "tag: '"
                + value
                + "' (expected: 1 to 128 of A-Z a-z 0-9 . _ -, not starting with . or -)");
      }
    }

    @Override
    public String toString() {
      return value;
    }
  }

  /** By its content. */
  record ByDigest(Digest digest) implements Reference {
    @Override
    public String toString() {
      return digest.toString();
    }
  }

  /**
   * Reads a tag or a digest; only a digest has a colon.
   *
   * @throws OciException when it is a digest of a wrong form
   * @throws IllegalArgumentException when it is no tag
   */
  static Reference parse(String text) {
    return text.indexOf(':') >= 0 ? new ByDigest(digest(text)) : new Tag(text);
  }

  /**
   * Reads a digest.
   *
   * @throws OciException when it is malformed, or of another algorithm than this registry keeps
   */
  static Digest digest(String text) {
    if (text.startsWith("sha512:") || text.startsWith("sha384:")) {
      throw new OciException(
          Code.DIGEST_INVALID,
          "digest: '"
              + text
              + "': this registry names content by SHA-256 only (expected: sha256:<64 hex digits>)");
    }
    try {
      return Digest.parse(text);
    } catch (IllegalArgumentException e) {
      throw new OciException(Code.DIGEST_INVALID, String.valueOf(e.getMessage()));
    }
  }
}
