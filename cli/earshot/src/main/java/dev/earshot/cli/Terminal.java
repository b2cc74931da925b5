package dev.earshot.cli;

import java.io.PrintStream;
import java.util.Locale;

/**
 * Lines that stay and one status line that is redrawn below them. Without a terminal there is no
 * status line and no colour: {@link #status} then prints only when {@code milestone} changes, so
 * that a log stays readable. Safe for use by several threads.
 */
public final class Terminal {
  private static final int BAR = 20;

  private final PrintStream out;
  private final boolean live;
  private final int columns;
  private String status = "";
  private String milestone = "";

  public Terminal(PrintStream out, boolean live) {
    this.out = out;
    this.live = live;
    this.columns = columns();
  }

  /** Standard output; live when it is a terminal that understands cursor movements. */
  public static Terminal standard() {
    String type = System.getenv("TERM");
    boolean live =
        System.console() != null
            && System.console().isTerminal()
            && type != null
            && !type.equals("dumb")
            && System.getenv("NO_COLOR") == null;
    return new Terminal(System.out, live);
  }

  /** Prints a line that stays. */
  public synchronized void line(String text) {
    if (live && !status.isEmpty()) {
      out.print("\r\033[K");
    }
    out.println(text);
    if (live && !status.isEmpty()) {
      out.print(cut(status));
    }
    out.flush();
  }

  /** Text in the colour of what got better; plain without a terminal. */
  public String good(String text) {
    return live ? "\033[32m" + text + "\033[0m" : text;
  }

  /** Text in the colour of what got worse; plain without a terminal. */
  public String bad(String text) {
    return live ? "\033[31m" + text + "\033[0m" : text;
  }

  /** Text that stands back; plain without a terminal. */
  public String faint(String text) {
    return live ? "\033[2m" + text + "\033[0m" : text;
  }

  /** Prints a line that stays and stands out. */
  public void heading(String text) {
    line(live ? "\033[1m" + text + "\033[0m" : text);
  }

  /** Redraws the status line; without a terminal, prints it whenever the milestone is a new one. */
  public synchronized void status(String newMilestone, String text) {
    if (live) {
      out.print("\r\033[K" + cut(text));
      out.flush();
    } else if (!newMilestone.equals(milestone)) {
      out.println(text);
      out.flush();
    }
    milestone = newMilestone;
    status = text;
  }

  /** Ends the status line. */
  public synchronized void clearStatus() {
    if (live && !status.isEmpty()) {
      out.print("\r\033[K");
      out.flush();
    }
    status = "";
  }

  /** A bar of {@value #BAR} characters; {@code share} is cut to [0, 1]. */
  public static String bar(double share) {
    int filled = (int) Math.round(Math.clamp(share, 0, 1) * BAR);
    return "█".repeat(filled) + "░".repeat(BAR - filled);
  }

  /** A number with that many digits behind the point, the same in every locale. */
  public static String number(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  private String cut(String text) {
    return text.length() < columns ? text : text.substring(0, columns - 2) + "…";
  }

  private static int columns() {
    try {
      return Math.max(40, Integer.parseInt(System.getenv().getOrDefault("COLUMNS", "150")));
    } catch (NumberFormatException e) {
      return 150;
    }
  }
}
