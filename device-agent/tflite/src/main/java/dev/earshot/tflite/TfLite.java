package dev.earshot.tflite;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * TensorFlow Lite's shared library, loaded into this process. It stays loaded. Immutable; any
 * thread may make interpreters.
 */
public final class TfLite {
  private static final String RESOURCE =
      "org/bytedeco/tensorflowlite/linux-x86_64/libjnitensorflowlite.so";

  private final NativeApi api;
  private final ReferenceOperators reference;

  private TfLite(NativeApi api) {
    this.api = api;
    this.reference = ReferenceOperators.find(api);
  }

  /** Whether this platform has the library. */
  public sealed interface Availability {}

  /** It is loaded. */
  public record Available(TfLite library) implements Availability {}

  /**
   * It can't be had here.
   *
   * @param reason for a person who wonders why something was skipped
   */
  public record Unavailable(String reason) implements Availability {}

  private static final class Holder {
    static final Availability LOADED = unpackAndLoad();

    private Holder() {}
  }

  /** Loads the library at the first call. */
  public static Availability load() {
    return Holder.LOADED;
  }

  private static Availability unpackAndLoad() {
    String platform = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    if (!platform.equals("Linux amd64")) {
      return new Unavailable("TensorFlow Lite is here for Linux amd64 only, this is " + platform);
    }
    try (InputStream packed = TfLite.class.getClassLoader().getResourceAsStream(RESOURCE)) {
      if (packed == null) {
        return new Unavailable("TensorFlow Lite: no " + RESOURCE + " on the class path");
      }
      Path file = Files.createTempFile("tensorflow-lite-", ".so");
      try {
        Files.copy(packed, file, StandardCopyOption.REPLACE_EXISTING);
        return new Available(
            new TfLite(new NativeApi(SymbolLookup.libraryLookup(file, Arena.global()))));
      } finally {
        // The process keeps what it has mapped.
        Files.delete(file);
      }
    } catch (IOException | IllegalArgumentException e) {
      return new Unavailable("TensorFlow Lite can't be loaded: " + e.getMessage());
    }
  }

  ReferenceOperators reference() {
    return reference;
  }

  /** For example {@code 2.20.0}. */
  public String version() {
    return api.version();
  }

  /**
   * Makes an interpreter that runs on the calling thread alone.
   *
   * @param model a {@code .tflite} file with one input
   * @throws IllegalArgumentException when TensorFlow Lite refuses the model; it says why on
   *     standard error
   */
  public TfLiteInterpreter interpreter(byte[] model, TfLiteKernels kernels) {
    return new TfLiteInterpreter(api, reference, model, kernels);
  }
}
