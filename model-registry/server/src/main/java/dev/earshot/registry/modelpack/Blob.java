package dev.earshot.registry.modelpack;

import com.google.protobuf.ByteString;
import dev.earshot.protocol.Digest;

/**
 * Content that a manifest names.
 *
 * @param name the file's name for people and for clients that write files; empty for none
 */
public record Blob(String mediaType, String name, ByteString content) {
  static Blob of(String mediaType, String name, byte[] content) {
    return new Blob(mediaType, name, ByteString.copyFrom(content));
  }

  public Digest digest() {
    return Digest.of(content.toByteArray());
  }
}
