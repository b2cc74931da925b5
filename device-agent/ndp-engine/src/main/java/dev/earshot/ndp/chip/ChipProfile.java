package dev.earshot.ndp.chip;

import dev.earshot.ndp.chip.Limit.Quantity;
import java.util.List;
import java.util.Optional;

/**
 * A chip as data: what it can run and how much of it. What it costs is the {@link EnergyModel}'s.
 * The figures come from public sources, named at each; none was measured by us.
 *
 * @param id as devices report it and releases declare it
 * @param name for people
 * @param operators kinds that it runs, in the model file's names
 * @param operatorSource where that list comes from
 * @param limits what it has only so much of
 */
public record ChipProfile(
    String id, String name, List<String> operators, String operatorSource, List<Limit> limits) {

  private static final String THESIS =
      "secondary source: public thesis repository Gotta003/Syntiant-NDP101";

  /**
   * Core 1: four fully connected layers, 1600 to 256 to 256 to 256 to at most 64 classes. The
   * silicon stores weights in 4 bits; that an int8 model keeps its accuracy in 4 is not checked.
   */
  public static final ChipProfile NDP101 =
      new ChipProfile(
          "ndp101",
          "Syntiant NDP101",
          List.of("FULLY_CONNECTED", "RESHAPE", "SOFTMAX"),
          THESIS + " (a fixed chain of fully connected layers; its scores are softmax)",
          List.of(
              new Limit(Quantity.PARAMETERS, 589_000, THESIS),
              new Limit(Quantity.LAYERS, 4, THESIS),
              new Limit(Quantity.INPUTS, 1600, THESIS),
              new Limit(Quantity.HIDDEN_WIDTH, 256, THESIS),
              new Limit(Quantity.CLASSES, 64, THESIS)));

  /** Core 2: 1024 KB for the network, 8-bit weights and activations. */
  public static final ChipProfile NDP120 =
      new ChipProfile(
          "ndp120",
          "Syntiant NDP120",
          List.of(
              "ADD",
              "AVERAGE_POOL_2D",
              "CONV_2D",
              "DEPTHWISE_CONV_2D",
              "FULLY_CONNECTED",
              "RESHAPE",
              "SOFTMAX"),
          "MLPerf Tiny v1.0 and v1.3 results of this chip: the models run there use these operators",
          List.of(
              new Limit(
                  Quantity.NETWORK_BYTES,
                  1024 * 1024,
                  "MLPerf Tiny system description: 1024 KB for the network")));

  public ChipProfile {
    operators = List.copyOf(operators);
    limits = List.copyOf(limits);
  }

  /** All chips that are known. */
  public static List<ChipProfile> all() {
    return List.of(NDP101, NDP120);
  }

  /** The chip with this id, such as {@code ndp120}. */
  public static Optional<ChipProfile> byId(String id) {
    return all().stream().filter(chip -> chip.id().equals(id)).findFirst();
  }
}
