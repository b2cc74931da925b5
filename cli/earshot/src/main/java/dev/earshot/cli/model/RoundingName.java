package dev.earshot.cli.model;

import dev.earshot.ndp.kernel.Rounding;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What people call a rounding: by the TensorFlow Lite that rounds so. */
public final class RoundingName implements ITypeConverter<Rounding> {
  /** TensorFlow Lite 2.20 and later. */
  public static final String CURRENT = "tflite-2.20";

  /** TensorFlow Lite up to 2.19, and TFLite Micro. */
  public static final String LEGACY = "tflite-legacy";

  @Override
  public Rounding convert(String name) {
    return switch (name.strip().toLowerCase(Locale.ROOT)) {
      case CURRENT -> Rounding.TFLITE_2_20;
      case LEGACY -> Rounding.TFLITE_LEGACY;
      default ->
          throw new TypeConversionException(
              "'" + name + "' (expected: " + CURRENT + " or " + LEGACY + ")");
    };
  }

  /** The name of a rounding. */
  public static String of(Rounding rounding) {
    return switch (rounding) {
      case TFLITE_2_20 -> CURRENT;
      case TFLITE_LEGACY -> LEGACY;
    };
  }
}
