package dev.earshot.trainer.evaluate;

import dev.earshot.ndp.EngineScratch;
import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.WakeWordEngine;
import dev.earshot.ndp.detector.DetectorParameters;
import dev.earshot.ndp.frontend.FrontEndParameters;
import dev.earshot.trainer.noise.AcousticEnvironment;
import dev.earshot.trainer.scene.Scene;
import dev.earshot.trainer.scene.SceneComposer;
import dev.earshot.trainer.work.Progress;
import dev.earshot.trainer.work.Workers;

/**
 * Lets the engine hear scenes, from the samples on, as a device would: front end, model, detector.
 * Nothing is measured on anything but the model file's own integer arithmetic.
 */
public final class Examiner {
  private final SceneComposer composer;
  private final NdpModel model;
  private final DetectorParameters detector;
  private final Workers workers;

  public Examiner(
      SceneComposer composer, NdpModel model, DetectorParameters detector, Workers workers) {
    this.composer = composer;
    this.model = model;
    this.detector = detector;
    this.workers = workers;
  }

  /** Hears so many scenes of talk and of wake words in one environment. */
  public Tally examine(
      AcousticEnvironment environment, int talkScenes, int wakeScenes, Progress progress) {
    Tally total = new Tally(detector);
    workers.run(
        talkScenes + wakeScenes,
        () -> new EngineScratch(model, FrontEndParameters.STREAMING_WAKE_WORD),
        (scene, scratch) -> {
          Tally one = new Tally(detector);
          if (scene < talkScenes) {
            one.addTalk(
                hear(composer.talk(environment, scene), scratch), SceneComposer.SECONDS * 1000L);
          } else {
            Scene wakes = composer.wakes(environment, scene - talkScenes);
            one.addWakes(hear(wakes, scratch), wakes.wakes());
          }
          return one;
        },
        one -> {
          total.add(one);
          progress.step();
        });
    return total;
  }

  private Listening hear(Scene scene, EngineScratch scratch) {
    Listening heard = new Listening();
    new WakeWordEngine(scratch, detector).accept(scene.pcm(), 0, scene.pcm().length, heard);
    return heard;
  }
}
