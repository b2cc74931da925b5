package dev.earshot.registry.blob;

import dev.earshot.protocol.Digest;
import dev.earshot.registry.blob.BlobRefusedException.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Uploads that come in several requests and may be taken up again after a lost connection or a
 * restart: they lie in the spool, under an id of 128 random bits that only its client knows. One to
 * which nothing was added for a day is abandoned and goes at the next start or collection.
 * Registries that share a spool share the sessions; one with a spool of its own must see all
 * requests of a session. Bytes are forced to the disk when the session is finished: after a power
 * cut a session may have fewer bytes than it said, so a client asks for the offset again.
 *
 * <p>Thread-safe.
 */
public final class UploadSessions {
  private static final int ID_BYTES = 16;
  private static final Pattern ID = Pattern.compile("[0-9a-f]{" + 2 * ID_BYTES + "}");
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Begins the upload that a finished session becomes. */
  @FunctionalInterface
  interface Begin {
    BlobUpload of(Digest announced) throws IOException;
  }

  private final Spool spool;
  private final long longest;
  private final Begin begin;
  private final Set<String> busy = ConcurrentHashMap.newKeySet();

  UploadSessions(Spool spool, long longest, Begin begin) {
    this.spool = spool;
    this.longest = longest;
    this.begin = begin;
  }

  /** Begins an upload. The caller closes the session, which keeps what it holds. */
  public UploadSession begin() throws IOException {
    byte[] id = new byte[ID_BYTES];
    RANDOM.nextBytes(id);
    return open(HexFormat.of().formatHex(id), StandardOpenOption.CREATE_NEW);
  }

  /**
   * Takes an upload up again, for one request at a time.
   *
   * @throws BlobRefusedException when there is none of that id, or it is in use
   */
  public UploadSession resume(String id) throws IOException {
    return open(require(id), StandardOpenOption.WRITE);
  }

  /** How many bytes a session holds, also while it is in use; empty when there is none. */
  public OptionalLong offset(String id) throws IOException {
    return ID.matcher(id).matches() ? spool.length(id) : OptionalLong.empty();
  }

  private UploadSession open(String id, StandardOpenOption how) throws IOException {
    if (!busy.add(id)) {
      throw new BlobRefusedException(
          Reason.UPLOAD_BUSY, "upload " + id + ": another request adds to it");
    }
    try {
      FileChannel channel =
          FileChannel.open(
              spool.session(id), StandardOpenOption.READ, StandardOpenOption.WRITE, how);
      return new UploadSession(
          id, longest, begin, spool.session(id), channel, () -> busy.remove(id));
    } catch (NoSuchFileException e) {
      busy.remove(id);
      throw unknown(id);
    } catch (IOException | RuntimeException e) {
      busy.remove(id);
      throw e;
    }
  }

  private static String require(String id) {
    if (!ID.matcher(id).matches()) {
      throw unknown(id);
    }
    return id;
  }

  private static BlobRefusedException unknown(String id) {
    return new BlobRefusedException(
        Reason.UPLOAD_UNKNOWN,
        "upload '" + id + "': unknown, ended or abandoned (fix: begin again)");
  }
}
