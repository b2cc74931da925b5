package dev.earshot.registry.oci;

import dev.earshot.protocol.Digest;
import dev.earshot.registry.blob.StoredBlob;

/**
 * A manifest that a repository has.
 *
 * @param mediaType exactly as it was pushed
 * @param content where its bytes are
 */
public record StoredManifest(String mediaType, StoredBlob content) {
  public Digest digest() {
    return content.digest();
  }
}
