package dev.earshot.agent.port;

/**
 * Fetches files by HTTP, from any offset, so that a lost connection costs only what was not
 * received yet.
 */
@FunctionalInterface
public interface Fetcher {
  /**
   * Starts to fetch. Everything that arrives goes to the sink, on the agent's thread and never from
   * within this call; after {@link Transfer#cancel}, {@link Sink#done} or {@link Sink#failed}
   * nothing more does. A transfer from which nothing comes for long fails by itself: the agent does
   * not watch it.
   */
  Transfer fetch(Request request, Sink sink);

  /**
   * What to fetch.
   *
   * @param url absolute, http or https
   * @param offset first byte wanted (Range); 0 for all
   * @param maxBytes at most so many bytes are delivered, counted from the offset; a server that
   *     sends more makes the transfer fail with {@link Problem#TOO_LONG}
   */
  record Request(String url, long offset, long maxBytes) {
    public Request {
      if (offset < 0 || maxBytes < 1) {
        throw new IllegalArgumentException(
            "offset: " + offset + ", maxBytes: " + maxBytes + " (expected: >= 0 and >= 1)");
      }
    }
  }

  /** Takes what arrives. */
  interface Sink {
    /**
     * The next bytes. The array belongs to nobody: it may be shared and kept, and is never
     * modified.
     */
    void chunk(byte[] bytes);

    /** The server has sent all it has. */
    void done();

    /** No more will come. */
    void failed(Problem problem, String text);
  }

  /** A transfer that runs. */
  @FunctionalInterface
  interface Transfer {
    /** Ends it; without effect when it has ended. */
    void cancel();
  }

  /** Why a transfer ended early. */
  enum Problem {
    /**
     * Not reachable, broken off, timed out, or the server is overloaded (5xx, 429): worth another
     * try.
     */
    CONNECTION_LOST,
    /** The server does not have it (4xx). */
    NOT_FOUND,
    /** More than the bound. */
    TOO_LONG,
    /** Not an address that can be fetched. */
    INVALID_URL
  }
}
