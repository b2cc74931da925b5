package dev.earshot.agent.outbox;

import java.io.IOException;

/**
 * A medium of pages. What was written is durable after {@link #force}; a power cut before that
 * leaves each page as it was, as it was to become, or torn. A page that is not written is never
 * harmed.
 */
interface Pages extends AutoCloseable {
  /** Bytes of a page: what file systems and flash translation layers write as one. */
  int PAGE_BYTES = 4096;

  /** How many there are. */
  int count();

  /** A page's content, {@value #PAGE_BYTES} bytes; zeros when it was never written. */
  byte[] read(int page) throws IOException;

  /** Replaces a page. */
  void write(int page, byte[] content) throws IOException;

  /** Makes every write so far durable. */
  void force() throws IOException;

  @Override
  void close() throws IOException;
}
