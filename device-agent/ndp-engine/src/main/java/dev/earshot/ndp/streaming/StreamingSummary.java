package dev.earshot.ndp.streaming;

import java.util.List;

/**
 * What streaming saves and costs, for people.
 *
 * @param stages in order of execution
 * @param macsPerFrame multiply-accumulates for a new frame
 * @param macsPerWindow multiply-accumulates for a whole window
 * @param stateBytes what each device keeps
 */
public record StreamingSummary(
    List<Stage> stages, long macsPerFrame, long macsPerWindow, int stateBytes) {
  public StreamingSummary {
    stages = List.copyOf(stages);
  }

  /**
   * One stage.
   *
   * @param operators their names in the file format, in order
   * @param rows rows of its input that a new row of output is computed from
   * @param rowElements int8 values of one row
   * @param macs multiply-accumulates for a new frame
   */
  public record Stage(List<String> operators, int rows, int rowElements, long macs) {
    public Stage {
      operators = List.copyOf(operators);
    }
  }

  /** Share of a window's work that a new frame does not repeat, 0 (nothing is saved) to 1. */
  public double reused() {
    return macsPerWindow == 0 ? 0 : 1 - (double) macsPerFrame / macsPerWindow;
  }
}
