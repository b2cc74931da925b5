package dev.earshot.ndp.chip;

import java.util.List;
import java.util.Optional;

/**
 * A chip as data: what it can run and how much of it. What it costs is the {@link EnergyModel}'s.
 * The figures stand in a file for each chip, {@code ndp101.properties} and so on, with the public
 * source of each; none was measured by us.
 *
 * @param id as devices report it and releases declare it
 * @param name for people
 * @param operators kinds that it runs, in the model file's names
 * @param operatorSource where that list comes from
 * @param limits what it has only so much of, in the order of {@link Limit.Quantity}
 * @param notes what one must know, and no check of a model file can find out
 */
public record ChipProfile(
    String id,
    String name,
    List<String> operators,
    String operatorSource,
    List<Limit> limits,
    List<Note> notes) {

  /** Core 1: four fully connected layers with 4-bit weights, at most 64 classes. */
  public static final ChipProfile NDP101 = ChipFile.read("ndp101");

  /** Core 2: 1024 KB for the network, 8-bit weights and activations. */
  public static final ChipProfile NDP120 = ChipFile.read("ndp120");

  public ChipProfile {
    operators = List.copyOf(operators);
    limits = List.copyOf(limits);
    notes = List.copyOf(notes);
  }

  /**
   * A fact about a chip in words.
   *
   * @param text one sentence
   * @param source where it comes from
   */
  public record Note(String text, String source) {}

  /** All chips that are known. */
  public static List<ChipProfile> all() {
    return List.of(NDP101, NDP120);
  }

  /** The chip with this id, such as {@code ndp120}. */
  public static Optional<ChipProfile> byId(String id) {
    return all().stream().filter(chip -> chip.id().equals(id)).findFirst();
  }
}
