package dev.earshot.trainer.speech;

import dev.earshot.trainer.audio.Clip;
import dev.earshot.trainer.audio.Seeds;
import dev.earshot.trainer.work.Workers;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;

/**
 * Everything that the people of one split say.
 *
 * @param wakes the wake word
 * @param talk ordinary talk, one to four sentences a clip
 * @param confusable phrases that sound like the wake word
 */
public record SpeechPool(List<Clip> wakes, List<Clip> talk, List<Clip> confusable) {
  public SpeechPool {
    wakes = Collections.unmodifiableList(wakes);
    talk = Collections.unmodifiableList(talk);
    confusable = Collections.unmodifiableList(confusable);
  }

  /**
   * How much is said, and by how many.
   *
   * @param speakers voice variants, the first so many of the split
   * @param foreignShare share of wake words spoken with the rules of another language, 0 to 1
   */
  public record Size(
      int speakers, double foreignShare, int wakeClips, int talkClips, int confusableClips) {}

  /** Told how many clips of how many are done. */
  public interface Listener {
    void spoken(int done, int total);
  }

  /** Speaks it all; the result does not depend on how many workers help. */
  public static SpeechPool speak(
      EspeakNg espeak, Split split, Size size, long seed, Workers workers, Listener listener) {
    int total = size.wakeClips() + size.talkClips() + size.confusableClips();
    List<Clip> clips = new ArrayList<>();
    workers.run(
        total,
        () -> espeak,
        (number, program) -> clip(program, split, size, seed, number),
        clip -> {
          clips.add(clip);
          listener.spoken(clips.size(), total);
        });
    int talk = size.wakeClips();
    int confusable = talk + size.talkClips();
    return new SpeechPool(
        clips.subList(0, talk), clips.subList(talk, confusable), clips.subList(confusable, total));
  }

  /** The same pool, in which a clip is spoken when somebody needs it: for a few of its scenes. */
  public static SpeechPool onDemand(EspeakNg espeak, Split split, Size size, long seed) {
    int talk = size.wakeClips();
    int confusable = talk + size.talkClips();
    return new SpeechPool(
        clips(number -> clip(espeak, split, size, seed, number), size.wakeClips()),
        clips(number -> clip(espeak, split, size, seed, talk + number), size.talkClips()),
        clips(
            number -> clip(espeak, split, size, seed, confusable + number),
            size.confusableClips()));
  }

  private static List<Clip> clips(IntFunction<Clip> speaker, int size) {
    return new AbstractList<>() {
      @Override
      public Clip get(int index) {
        return speaker.apply(Objects.checkIndex(index, size));
      }

      @Override
      public int size() {
        return size;
      }
    };
  }

  private static Clip clip(EspeakNg espeak, Split split, Size size, long seed, int number) {
    int talk = number - size.wakeClips();
    if (talk < 0) {
      return wake(espeak, Seeds.random(seed, split.label(), "wake", number), split, size);
    }
    int confusable = talk - size.talkClips();
    if (confusable < 0) {
      return talk(espeak, Seeds.random(seed, split.label(), "talk", talk), split, size);
    }
    RandomGenerator random = Seeds.random(seed, split.label(), "confusable", confusable);
    Voice voice = Voice.draw(random, split, size.speakers(), Voice.ENGLISH);
    return espeak.speak(voice, Phrases.confusable(random, split));
  }

  private static Clip wake(EspeakNg espeak, RandomGenerator random, Split split, Size size) {
    if (random.nextDouble() < size.foreignShare()) {
      List<String> languages = Phrases.FOREIGN_WAKE.keySet().stream().sorted().toList();
      Voice voice = Voice.draw(random, split, size.speakers(), languages);
      return espeak.speak(voice, Phrases.FOREIGN_WAKE.getOrDefault(voice.accent(), "hey nova"));
    }
    Voice voice = Voice.draw(random, split, size.speakers(), Voice.ENGLISH);
    return espeak.speak(voice, Phrases.wake(random));
  }

  private static Clip talk(EspeakNg espeak, RandomGenerator random, Split split, Size size) {
    if (random.nextInt(12) == 0) {
      var foreign = Phrases.foreignTalk(random);
      Voice voice = Voice.draw(random, split, size.speakers(), List.of(foreign.getKey()));
      return espeak.speak(voice, foreign.getValue());
    }
    Voice voice = Voice.draw(random, split, size.speakers(), Voice.ENGLISH);
    return espeak.speak(voice, Phrases.talk(random));
  }
}
