package dev.earshot.protocol.trust;

/**
 * What is pinned in a device at the factory: the two roots that everything else is checked from.
 *
 * @param image where image-side trust begins
 * @param director where director-side trust begins
 */
public record TrustAnchors(TrustedImage image, TrustedDirector director) {
  /** From the bytes of two root.json files, checked. */
  public static TrustAnchors of(byte[] imageRoot, byte[] directorRoot) throws TrustException {
    return new TrustAnchors(TrustedImage.pinned(imageRoot), TrustedDirector.pinned(directorRoot));
  }
}
