package dev.earshot.trainer.work;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;

/**
 * Tells a person how far a long job is: a line at each tenth, with the time that is left if it goes
 * on like this. One thread.
 */
public final class Progress {
  private final PrintWriter out;
  private final InstantSource clock;
  private final String job;
  private final long total;
  private final long startMillis;
  private long done;
  private long told;

  public Progress(PrintWriter out, InstantSource clock, String job, long total) {
    this.out = out;
    this.clock = clock;
    this.job = job;
    this.total = Math.max(1, total);
    this.startMillis = clock.millis();
  }

  /** One more is done. */
  public void step() {
    done(done + 1, "");
  }

  /** So many are done, with a word about them. */
  public void done(long now, String note) {
    done = now;
    long tenth = done * 10 / total;
    if (tenth > told || !note.isEmpty()) {
      told = tenth;
      long elapsed = clock.millis() - startMillis;
      long left = elapsed * (total - done) / Math.max(1, done);
      out.printf(
          Locale.ROOT,
          "%-28s %3d %%  %s%s%n",
          job,
          done * 100 / total,
          done >= total ? "took " + words(elapsed) : "left " + words(left),
          note.isEmpty() ? "" : "  " + note);
      out.flush();
    }
  }

  private static String words(long millis) {
    Duration time = Duration.ofMillis(millis);
    return time.toMinutes() > 0
        ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
        : time.toSeconds() + " s";
  }
}
