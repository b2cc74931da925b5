package dev.earshot.simulator.fidelity;

import dev.earshot.simulator.audio.SceneLibrary;
import dev.earshot.simulator.audio.SharedEar;
import dev.earshot.simulator.scenario.DeviceGroup.Fidelity;
import dev.earshot.simulator.world.Acoustics;
import dev.earshot.simulator.world.AudioAcoustics;
import dev.earshot.simulator.world.DeviceProfile;
import dev.earshot.simulator.world.RateAcoustics;
import dev.earshot.simulator.world.ScoreAcoustics;
import java.nio.file.Path;
import java.util.Optional;

/** Makes the ears of a fleet's devices. Safe for use by many threads. */
public final class Ears {
  private final double dailyAmplitude;
  private final long seed;
  private final Optional<SharedEar> audio;

  /**
   * @param dailyAmplitude how much busier days are than nights, 0 to 1
   * @param seed of everything that is drawn
   * @param scenes folder of a {@link SceneLibrary}; needed by fidelity {@code audio} alone
   */
  public Ears(double dailyAmplitude, long seed, Optional<Path> scenes) {
    this.dailyAmplitude = dailyAmplitude;
    this.seed = seed;
    this.audio = scenes.map(SceneLibrary::read).map(SharedEar::new);
  }

  /**
   * The ear of one device in one of its lives.
   *
   * @param generation tells the lives of a device apart
   */
  public Acoustics of(Fidelity fidelity, DeviceProfile device, long generation) {
    return switch (fidelity) {
      case RATES -> new RateAcoustics(device, dailyAmplitude, seed, generation);
      case SCORES -> new ScoreAcoustics(device, dailyAmplitude, seed, generation);
      case AUDIO ->
          new AudioAcoustics(
              device,
              dailyAmplitude,
              seed,
              generation,
              audio.orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "fidelity: audio, without a folder of scenes (fix: render one with"
                              + " `earshot model train --recipe FILE --scenes DIR` and name"
                              + " it)")));
    };
  }
}
