package dev.earshot.simulator.world;

import dev.earshot.agent.port.ActiveModel;
import dev.earshot.ndp.detector.Detector;
import dev.earshot.ndp.detector.DetectorParameters;
import dev.earshot.ndp.detector.EventPeaks;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.simulator.audio.HeardScene;
import dev.earshot.simulator.audio.SceneLibrary.Scene;
import dev.earshot.simulator.audio.SceneLibrary.Word;
import dev.earshot.simulator.audio.SharedEar;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets a device hear real waveforms through the real front end and engine, with a detector of its
 * own. While it listens, one scene of its environment follows another, drawn at random; a wake in
 * talk is false, and is known to be when its event is over. Who speaks to the device interrupts
 * that with a word from a scene with words, which counts as heard when the smoothed score rises
 * above the threshold until {@value #GRACE_MILLIS} ms after it, as in an evaluation.
 *
 * <p>Devices differ in which scenes they hear; the multiplier of their spot and the time of day
 * change nothing about talk. In the mean it agrees with an evaluation on the same scenes, which is
 * of the first word: a release's further words are not listened for. What is planted into a
 * behaviour can't be heard.
 */
public final class AudioAcoustics implements Acoustics {
  /** How long after the word a wake still belongs to it. */
  private static final int GRACE_MILLIS = 1000;

  private final SharedEar ear;
  private final ListeningTime time;
  private final Speakers speakers;
  private final RandomStream scenes;
  private final RandomStream words;
  private @Nullable Listener listener;
  private @Nullable Moment moment;
  private long untilMillis;
  private long spentMillis;

  /** The model that listens, and the device's own detector behind it. */
  private record Listener(ActiveModel model, Detector detector, EventPeaks peaks) {}

  /** Where in which scene the device is. */
  private static final class Moment {
    private final Environment environment;
    private final HeardScene scene;
    private long atMillis;
    private int next;

    Moment(Environment environment, HeardScene scene) {
      this.environment = environment;
      this.scene = scene;
    }
  }

  /**
   * @param generation as for {@link RateAcoustics}
   * @param ear shared by the fleet
   */
  public AudioAcoustics(
      DeviceProfile device, double dailyAmplitude, long seed, long generation, SharedEar ear) {
    this.ear = ear;
    this.time = new ListeningTime(device, dailyAmplitude);
    this.speakers =
        new Speakers(
            device,
            RandomStream.of(seed, 2, device.index(), generation, 2),
            RandomStream.of(seed, 2, device.index(), generation, 3));
    this.scenes = RandomStream.of(seed, 2, device.index(), generation, 8);
    this.words = RandomStream.of(seed, 2, device.index(), generation, 9);
  }

  @Override
  public void use(ActiveModel model) {
    ReleaseManifest.Detector detector = model.manifest().detector();
    DetectorParameters parameters =
        new DetectorParameters(
            detector.wakeClass(),
            detector.thresholdScore(),
            detector.smoothingFrames(),
            detector.refractoryMillis());
    listener = new Listener(model, new Detector(parameters), new EventPeaks(parameters));
    moment = null;
  }

  @Override
  public void advance(long fromMillis, long toMillis, Behaviour behaviour, Interval into) {
    Listener listening = listener;
    if (listening == null) {
      throw new IllegalStateException("nobody listens: use(model) comes first");
    }
    if (toMillis <= fromMillis) {
      return;
    }
    untilMillis += time.listen(fromMillis, toMillis, into);
    speakers.speak(
        time.activeHours(fromMillis, toMillis),
        behaviour,
        (where, heard) -> hear(listening, where, heard),
        into);
    EventPeaks.Sink events =
        (peak, woke, at) -> {
          if (woke) {
            into.falseAccept(peak);
          } else {
            into.nearMiss(peak, behaviour.eventFloor());
          }
        };
    while (spentMillis < untilMillis) {
      Moment now = now(listening, behaviour.environment());
      long step = Math.min(untilMillis - spentMillis, now.scene.lengthMillis() - now.atMillis);
      now.atMillis += step;
      spentMillis += step;
      listen(listening, now, into, events);
    }
  }

  /** The scene that goes on, or the next one: a new minute of life, in which nothing is pending. */
  private Moment now(Listener listening, Environment environment) {
    Moment now = moment;
    if (now == null || now.environment != environment || now.atMillis >= now.scene.lengthMillis()) {
      List<Scene> talk = ear.library().talk(environment);
      Scene scene = talk.get(scenes.nextInt(talk.size()));
      now = new Moment(environment, ear.hear(listening.model(), scene));
      listening.detector().reset();
      listening.peaks().reset();
      moment = now;
    }
    return now;
  }

  private static void listen(
      Listener listening, Moment now, Interval into, EventPeaks.Sink events) {
    HeardScene scene = now.scene;
    while (now.next < scene.inferences() && scene.endMillis(now.next) <= now.atMillis) {
      int score = scene.score(now.next);
      long at = scene.endMillis(now.next);
      into.infer(score);
      boolean wakes = listening.detector().accept(score, at);
      listening.peaks().accept(listening.detector().smoothedCeiling(), wakes, at, events);
      now.next++;
    }
    if (now.atMillis >= scene.lengthMillis()) {
      listening.peaks().finish(now.atMillis, events);
    }
  }

  private Speakers.Heard hear(Listener listening, Behaviour behaviour, Interval into) {
    List<Scene> wakes = ear.library().wakes(behaviour.environment());
    int spoken = wakes.stream().mapToInt(scene -> scene.words().size()).sum();
    int word = words.nextInt(spoken);
    for (Scene scene : wakes) {
      if (word < scene.words().size()) {
        return hear(listening, ear.hear(listening.model(), scene), scene.words().get(word), into);
      }
      word -= scene.words().size();
    }
    throw new IllegalStateException("there are " + spoken + " words");
  }

  private Speakers.Heard hear(Listener listening, HeardScene scene, Word word, Interval into) {
    DetectorParameters parameters = listening.detector().parameters();
    int end = word.endMillis() + GRACE_MILLIS;
    int peak = Byte.MIN_VALUE;
    for (int i = scene.firstAt(word.startMillis());
        i < scene.inferences() && scene.endMillis(i) <= end;
        i++) {
      into.infer(scene.score(i));
      peak = Math.max(peak, scene.smoothed(i, parameters.smoothingFrames()));
    }
    spentMillis += end - word.startMillis();
    return new Speakers.Heard(peak, peak > parameters.thresholdScore());
  }
}
