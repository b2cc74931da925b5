package dev.earshot.trainer.speech;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Somebody who speaks: a language or accent of espeak-ng and one of its voice variants, with a
 * pitch and a pace of the moment.
 *
 * @param accent espeak-ng's language, such as {@code en-gb-scotland}
 * @param variant espeak-ng's voice variant, such as {@code f3}
 * @param wordsPerMinute pace, 80 to 450
 * @param pitch 0 to 99, 50 is the variant's own
 */
public record Voice(String accent, String variant, int wordsPerMinute, int pitch) {
  /** Accents of English that ordinary sentences are spoken in. */
  static final List<String> ENGLISH =
      List.of("en-us", "en-gb", "en-029", "en-gb-scotland", "en-gb-x-rp", "en-gb-x-gbclan");

  private static final List<String> TRAINING_VARIANTS =
      List.of(
          "m1", "f2", "m3", "f4", "Andy", "linda", "Mike", "steph", "john", "Alicia", "m7", "f1",
          "Diogo", "anika", "klatt2", "Lee", "grandma", "rob", "belinda", "Gene", "quincy",
          "Nguyen", "victor", "steph3", "edward", "Mario", "sandro", "boris", "paul", "iven",
          "Storm", "norbert", "shelby", "klatt4", "Jacky", "antonio", "max", "pablo", "iven3",
          "zac", "Denis", "gustave", "travis", "miguel");
  private static final List<String> DEVELOPMENT_VARIANTS =
      List.of(
          "m2", "f5", "Alex", "steph2", "robert", "marcelo", "klatt3", "Marco", "iven2", "pedro");
  private static final List<String> TEST_VARIANTS =
      List.of(
          "m4",
          "f3",
          "m5",
          "Annie",
          "m6",
          "Andrea",
          "m8",
          "grandpa",
          "Michael",
          "aunty",
          "Hugo",
          "adam",
          "Henrique",
          "david",
          "benjamin",
          "edward2",
          "klatt",
          "kaukovalta",
          "Gene2",
          "iven4");

  public Voice {
    if (wordsPerMinute < 80 || wordsPerMinute > 450) {
      throw new IllegalArgumentException(
          "wordsPerMinute: " + wordsPerMinute + " (expected: 80 to 450)");
    }
    if (pitch < 0 || pitch > 99) {
      throw new IllegalArgumentException("pitch: " + pitch + " (expected: 0 to 99)");
    }
  }

  /** The variants of a split; no variant is in two. */
  public static List<String> variants(Split split) {
    return switch (split) {
      case TRAINING -> TRAINING_VARIANTS;
      case DEVELOPMENT -> DEVELOPMENT_VARIANTS;
      case TEST -> TEST_VARIANTS;
    };
  }

  /**
   * Draws one of the first {@code speakers} voices of a split, at a pace and pitch of people.
   *
   * @param accents which accents to choose from
   */
  static Voice draw(RandomGenerator random, Split split, int speakers, List<String> accents) {
    List<String> variants = variants(split);
    return new Voice(
        accents.get(random.nextInt(accents.size())),
        variants.get(random.nextInt(Math.min(speakers, variants.size()))),
        120 + random.nextInt(95),
        25 + random.nextInt(51));
  }

  /** What espeak-ng calls this voice. */
  String espeakName() {
    return accent + "+" + variant;
  }
}
