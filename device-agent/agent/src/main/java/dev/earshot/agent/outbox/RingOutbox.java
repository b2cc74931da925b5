package dev.earshot.agent.outbox;

import static java.nio.file.StandardOpenOption.READ;

import dev.earshot.agent.port.Outbox;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Waiting heartbeats in a ring of pages. Pages 0 and 1 say in turn where the line stands after an
 * acknowledgement; heartbeat i lies in one of the others, i modulo their number, and its page says
 * where the line stood when it was made.
 *
 * <p>Wear and safety: an {@link #append} writes one page and forces it; an {@link #advance} writes
 * one and leaves it to the next append to force it. So a power cut loses no heartbeat that was
 * appended, and makes at most those wait again that were acknowledged since the last append; the
 * gateway's side counts them once, by (boot id, sequence). At a heartbeat every 15 minutes that is
 * 96 forced writes of 4 KiB a day, spread over all pages.
 *
 * <p>There is one page more than heartbeats may wait, so that the page that is written over is
 * always one whose heartbeat waits no more <em>as far as the medium knows</em>: a torn write harms
 * nothing else.
 */
public final class RingOutbox implements Outbox, AutoCloseable {
  private static final int LINE_PAGES = 2;

  private final Pages pages;
  private final int ring;
  private final Held held;
  private long revision;

  /** The two take turns, so that the one before is whole when this one is torn. */
  private int linePage;

  /** Oldest that waits, as far as the medium is sure to know. */
  private long durableFirst;

  private long written;

  RingOutbox(Pages pages) throws IOException {
    this.pages = pages;
    this.ring = pages.count() - LINE_PAGES;
    if (ring < 2) {
      throw new IOException("outbox: " + pages.count() + " pages (expected: 4 or more)");
    }
    List<Page> readable = readable();
    linePage = olderLinePage();
    // What another process wrote and did not force is seen here, and is lost by a power cut still.
    pages.force();
    Line line = Line.START;
    for (Page page : readable) {
      if (page.revision() > revision) {
        revision = page.revision();
        line = page.line();
      }
    }
    durableFirst = line.first();
    held = held(line, readable);
  }

  /**
   * Opens the ring in a file, or makes one. A file with fewer pages than asked for is replaced by a
   * longer one with the same content; a longer one stays as it is.
   *
   * @param capacity how many heartbeats may wait
   * @throws IOException when the file can't be read or written
   */
  public static RingOutbox open(Path file, int capacity) throws IOException {
    int needed = pagesFor(capacity);
    if (Files.notExists(file)) {
      replace(file, needed, new Held(Line.START, List.of()));
    }
    if (Files.size(file) < (long) needed * Pages.PAGE_BYTES) {
      replace(file, needed, held(file));
    }
    return new RingOutbox(FilePages.open(file));
  }

  private static Held held(Path file) throws IOException {
    try (FilePages pages = FilePages.open(file)) {
      return pages.count() < pagesFor(1)
          ? new Held(Line.START, List.of())
          : new RingOutbox(pages).restore();
    }
  }

  /** A power cut leaves the old file or the new one, whole. */
  private static void replace(Path file, int count, Held content) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try (FilePages pages = FilePages.create(fresh, count)) {
      RingOutbox ring = new RingOutbox(pages);
      for (Entry entry : content.waiting()) {
        ring.append(entry, content.line(), content.line());
      }
      ring.advance(content.line());
      pages.force();
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), READ)) {
      directory.force(true);
    }
  }

  /** How many pages it takes for that many waiting heartbeats. */
  static int pagesFor(int capacity) {
    return LINE_PAGES + capacity + 1;
  }

  private List<Page> readable() throws IOException {
    List<Page> readable = new ArrayList<>();
    for (int page = 0; page < pages.count(); page++) {
      Optional<Page> content = Page.decode(pages.read(page));
      content.ifPresent(readable::add);
    }
    return readable;
  }

  private int olderLinePage() throws IOException {
    long first = Page.decode(pages.read(0)).map(Page::revision).orElse(0L);
    long second = Page.decode(pages.read(1)).map(Page::revision).orElse(0L);
    return first <= second ? 0 : 1;
  }

  private static Held held(Line line, List<Page> readable) {
    Map<Long, Entry> waiting = new TreeMap<>();
    for (Page page : readable) {
      long index = page.index();
      if (index >= line.first() && index < line.next()) {
        waiting.put(index, new Entry(index, page.heartbeat()));
      }
    }
    return new Held(line, List.copyOf(waiting.values()));
  }

  @Override
  public Held restore() {
    return held;
  }

  @Override
  public void append(Entry entry, Line without, Line with) throws IOException {
    if (entry.index() - ring >= durableFirst) {
      // The page belongs to one that waits, as the medium sees it: tell it first that it does not.
      writeLine(without);
      force(without);
    }
    write(LINE_PAGES + (int) (entry.index() % ring), with, entry.index(), entry.bytes());
    force(with);
  }

  @Override
  public void advance(Line line) throws IOException {
    writeLine(line);
  }

  /** Pages written so far, which is what flash wears out by. */
  long pagesWritten() {
    return written;
  }

  /** Lets go of the file. */
  @Override
  public void close() throws IOException {
    pages.close();
  }

  private void writeLine(Line line) throws IOException {
    write(linePage, line, Page.NO_ENTRY, new byte[0]);
    linePage = (linePage + 1) % LINE_PAGES;
  }

  private void write(int page, Line line, long index, byte[] heartbeat) throws IOException {
    pages.write(page, new Page(++revision, line, index, heartbeat).encode());
    written++;
  }

  private void force(Line line) throws IOException {
    pages.force();
    durableFirst = line.first();
  }
}
