package dev.earshot.cli.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The conversation of a benchmark's process: it says {@code running}, then answers each line of
 * standard input with a line, until its input ends or says {@code close}.
 */
public final class Answers {
  private Answers() {}

  /** Answers one question. */
  public interface Answerer {
    /**
     * Its answer, one line.
     *
     * @param what the first word
     * @param words the others
     */
    String answer(String what, List<String> words) throws Exception;
  }

  /** Talks until told to close; a question that fails ends the process, with the reason last. */
  @SuppressWarnings("SystemOut") // It is how these processes talk.
  public static void give(Answerer answerer) {
    PrintStream out = System.out;
    out.println("running");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try {
      String question = in.readLine();
      while (question != null && !question.equals("close")) {
        List<String> words = Arrays.asList(question.split(" ", -1));
        out.println(answerer.answer(words.getFirst(), words.subList(1, words.size())));
        question = in.readLine();
      }
    } catch (Exception e) {
      fail(e);
    }
  }

  /** Ends the process and says why. */
  @SuppressWarnings("SystemOut")
  public static void fail(Exception reason) {
    if (!(reason instanceof IOException)) {
      reason.printStackTrace();
    }
    System.err.println(reason.getMessage() == null ? reason.toString() : reason.getMessage());
    Runtime.getRuntime().halt(1);
  }
}
