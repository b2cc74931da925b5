package dev.earshot.agent.trust;

import dev.earshot.agent.port.Flash;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.trust.Envelope;
import dev.earshot.protocol.trust.Root;
import dev.earshot.protocol.trust.TrustAnchors;
import dev.earshot.protocol.trust.TrustException;
import dev.earshot.protocol.trust.TrustedDirector;
import dev.earshot.protocol.trust.TrustedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A device's {@link Beliefs} in its flash. Before the first there are the two roots that were
 * pinned at the factory. When other roots are pinned than those that the memory grew from, it
 * begins anew from them: whoever can do that can do everything. A memory that the medium damaged is
 * given up for the pinned roots as well; the chain of roots leads from there to the newest ones
 * again, and what is lost is only the protection from timestamps and snapshots that are older and
 * have not expired.
 *
 * <p>The bytes: the digest of the pinned roots (32), then the length (4, big endian) and bytes of
 * {@link TrustedImage#encode}, then those of the director's root. The same beliefs give the same
 * bytes.
 */
public final class TrustMemory {
  private static final Logger log = LoggerFactory.getLogger(TrustMemory.class);
  private static final int DIGEST_BYTES = 32;
  private static final int LONGEST = 8 * TrustedImage.LONGEST;

  private final Flash flash;
  private final TrustAnchors pinned;

  /** The memory of the device with that flash. */
  public TrustMemory(Flash flash, TrustAnchors pinned) {
    this.flash = flash;
    this.pinned = pinned;
  }

  /** What is believed now. */
  public Beliefs recall() {
    try {
      Optional<byte[]> stored = flash.readTrust();
      return stored.isEmpty() ? factory() : decode(stored.get()).orElseGet(this::factory);
    } catch (IOException e) {
      log.error("what this device believed is lost, it begins from its factory's roots again", e);
      return factory();
    }
  }

  /** Makes that durable, unless it is already. */
  public void remember(Beliefs beliefs) throws IOException {
    byte[] next = encode(beliefs);
    if (!isStored(next)) {
      flash.writeTrust(next);
    }
  }

  private boolean isStored(byte[] next) {
    try {
      return flash.readTrust().map(stored -> Arrays.equals(stored, next)).orElse(false);
    } catch (IOException e) {
      return false; // damaged: to be replaced
    }
  }

  private Beliefs factory() {
    return new Beliefs(pinned.image(), pinned.director().root());
  }

  private byte[] pins() {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(pinned.image().encode());
    both.writeBytes(pinned.director().root().bytes());
    return Digest.of(both.toByteArray()).bytes();
  }

  private byte[] encode(Beliefs beliefs) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.write(pins());
      for (byte[] part : new byte[][] {beliefs.image().encode(), beliefs.director().bytes()}) {
        out.writeInt(part.length);
        out.write(part);
      }
    } catch (IOException e) {
      throw new IllegalStateException("memory takes everything", e);
    }
    return bytes.toByteArray();
  }

  /** Empty when it grew from other pinned roots. */
  private Optional<Beliefs> decode(byte[] stored) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(stored))) {
      if (!Arrays.equals(in.readNBytes(DIGEST_BYTES), pins())) {
        return Optional.empty();
      }
      TrustedImage image = TrustedImage.decode(part(in));
      Envelope<Root> director = TrustedDirector.pinned(part(in)).root();
      return Optional.of(new Beliefs(image, director));
    } catch (TrustException e) {
      throw new IOException("trust record: " + e.getMessage(), e);
    }
  }

  private static byte[] part(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > LONGEST) {
      throw new IOException("trust record: a part of " + length + " bytes");
    }
    byte[] part = new byte[length];
    in.readFully(part);
    return part;
  }
}
