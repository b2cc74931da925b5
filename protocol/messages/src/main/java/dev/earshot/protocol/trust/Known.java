package dev.earshot.protocol.trust;

import dev.earshot.protocol.Digest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The last few documents that were read, by the digest of their exact bytes: the same document is
 * the same object, with the answers about its signatures that it gave before. A fleet in one
 * process reads the same few thousands of times. Nothing that depends on time is remembered. Safe
 * for use by many threads.
 */
final class Known {
  private static final int REMEMBERED = 64;

  private static final Map<Document, Envelope<?>> DOCUMENTS =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, .75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Document, Envelope<?>> eldest) {
              return size() > REMEMBERED;
            }
          });

  private Known() {}

  /** Exact bytes, read as that type. */
  private record Document(Digest digest, Class<?> type) {}

  /** As {@link Envelope#parse}. */
  static <T extends Metadata> Envelope<T> parse(
      String what, byte[] bytes, Class<T> type, Envelope.Format<T> format) throws TrustException {
    if (bytes.length > TrustedImage.LONGEST) {
      return Envelope.parse(what, bytes, TrustedImage.LONGEST, format); // says why not
    }
    Document document = new Document(Digest.of(bytes), type);
    Envelope<?> known = DOCUMENTS.get(document);
    if (known != null) {
      @SuppressWarnings("unchecked") // the type is part of the key
      Envelope<T> same = (Envelope<T>) known;
      return same;
    }
    Envelope<T> parsed = Envelope.parse(what, bytes, TrustedImage.LONGEST, format);
    DOCUMENTS.put(document, parsed);
    return parsed;
  }
}
