package dev.earshot.cli.bench.mlperf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.earshot.cli.UserError;
import dev.earshot.ndp.audio.WavFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds recordings by the JSON files that say when the word is spoken: the runner's (a list of
 * objects with {@code wav_file} and {@code detection_windows}) and the training folder's ({@code
 * NAME_ww_windows.json}, a list of pairs, for {@code NAME.wav}).
 */
final class Recordings {
  private static final String PAIRS_ENDING = "_ww_windows.json";

  private final List<Path> folders;
  private final List<Recording> found = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();

  private Recordings(List<Path> folders) {
    this.folders = folders;
  }

  /** Reads those of the folders that exist; the wav is beside its JSON or in another of them. */
  static Recordings in(List<Path> folders) {
    Recordings recordings = new Recordings(folders.stream().filter(Files::isDirectory).toList());
    for (Path folder : recordings.folders) {
      Folders.files(folder, ".json").forEach(recordings::read);
    }
    return recordings;
  }

  List<Recording> all() {
    return List.copyOf(found);
  }

  /** Names of recordings whose audio is not there. */
  List<String> missing() {
    return List.copyOf(missing);
  }

  private void read(Path json) {
    JsonNode root;
    try {
      root = new ObjectMapper().readTree(json.toFile());
    } catch (IOException e) {
      throw new UserError(json + ": not JSON (" + e.getMessage() + ")", e);
    }
    String name = json.getFileName().toString();
    if (name.endsWith(PAIRS_ENDING)) {
      String stem = name.substring(0, name.length() - PAIRS_ENDING.length());
      add(json, stem + ".wav", root);
      return;
    }
    for (JsonNode entry : root) {
      if (entry.path("wav_file").isTextual() && entry.has("detection_windows")) {
        add(json, entry.path("wav_file").asText(), entry.path("detection_windows"));
      }
    }
  }

  private void add(Path json, String wavName, JsonNode windows) {
    Optional<Path> wav = find(json, wavName);
    if (wav.isEmpty()) {
      missing.add(wavName);
      return;
    }
    if (found.stream().anyMatch(recording -> recording.wav().equals(wav.get()))) {
      return;
    }
    List<Recording.Word> words = new ArrayList<>();
    for (JsonNode window : windows) {
      if (!window.path(0).isNumber() || !window.path(1).isNumber() || window.size() != 2) {
        throw new UserError(
            json + ": detection window " + window + " (expected: [start, end] in seconds)");
      }
      words.add(new Recording.Word(window.path(0).asDouble(), window.path(1).asDouble()));
    }
    found.add(new Recording(wav.get(), samples(wav.get()).length, words));
  }

  private Optional<Path> find(Path json, String wavName) {
    List<Path> places = new ArrayList<>();
    places.add(json.resolveSibling(wavName));
    folders.forEach(folder -> places.add(folder.resolve(wavName)));
    return places.stream().map(Path::normalize).filter(Files::isRegularFile).findFirst();
  }

  /** The audio of a recording: the left channel, in the benchmark's sample rate. */
  static short[] samples(Path wav) {
    try {
      return WavFile.read(wav, Recording.RATE).samples();
    } catch (IOException e) {
      throw new UserError(String.valueOf(e.getMessage()), e);
    }
  }
}
