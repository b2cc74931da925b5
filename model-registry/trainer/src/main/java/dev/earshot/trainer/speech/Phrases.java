package dev.earshot.trainer.speech;

import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * What is said: the wake word, phrases that sound like it, and ordinary talk from a small grammar.
 */
final class Phrases {
  /** How to spell "hey nova" so that each language's rules come near the English sounds. */
  static final Map<String, String> FOREIGN_WAKE =
      Map.of(
          "de", "hej nova",
          "it", "hei nova",
          "nl", "hee nova",
          "pl", "hej nowa",
          "fi", "hei nova",
          "hu", "héj nova",
          "ro", "hei nova",
          "cs", "hej nova",
          "id", "hei nova",
          "sw", "hei nova");

  private static final List<String> WAKE =
      List.of("hey nova", "hey nova", "hey nova!", "hey, nova", "hey nova?", "hey nova.");

  /** Near misses that training may learn from. */
  private static final List<String> CONFUSABLE_TRAINING =
      List.of(
          "hey noah",
          "hey nora",
          "hey norma",
          "they know a lot",
          "a nova scotia trip",
          "hey no",
          "innovate",
          "innovation",
          "bossa nova",
          "supernova",
          "nova",
          "hey",
          "hey rover",
          "okay nova",
          "stay over",
          "hey november",
          "hey jonah",
          "hey mona",
          "hey noel",
          "say no more",
          "hay over there",
          "they drove a car",
          "hey anna",
          "hey nolan",
          "casanova",
          "the day is over",
          "hey sofa",
          "play the cello",
          "hey know what",
          "play over it",
          "hey vera",
          "hey nina",
          "hello nova",
          "they show a film",
          "maybe not over",
          "a new over",
          "hey bob",
          "hey you over there",
          "take no other",
          "Kay knows her",
          "hey never",
          "hey nobody");

  /** Near misses for choosing the threshold and for the evaluation; half were never trained on. */
  private static final List<String> CONFUSABLE_HELD_OUT =
      List.of(
          "hey noah",
          "hey nora",
          "supernova",
          "hey november",
          "they know a place",
          "stay over",
          "innovation",
          "say no more",
          "hey jehovah",
          "hey nola",
          "grey rover",
          "hey noble",
          "play no victim",
          "they noted her",
          "hey mona",
          "hey nevada",
          "okay, over",
          "hey lover",
          "hey waiter",
          "hey notice",
          "day nurse",
          "okay no, wait",
          "they wove a rug",
          "hey motor");

  private static final List<String> SUBJECT =
      List.of(
          "my sister",
          "the driver",
          "our neighbour",
          "that company",
          "the teacher",
          "nobody",
          "everyone",
          "the weather",
          "a small dog",
          "the new manager",
          "his phone",
          "the committee",
          "an old friend",
          "the radio",
          "your brother",
          "the kitchen light",
          "the second team",
          "this machine",
          "the referee",
          "the delivery",
          "a customer",
          "the foreman",
          "her car");
  private static final List<String> VERB =
      List.of(
          "forgot about",
          "is waiting for",
          "would like",
          "never liked",
          "talked over",
          "has moved",
          "cannot find",
          "is asking for",
          "paid for",
          "will replace",
          "knows about",
          "opened",
          "took away",
          "wrote down",
          "is looking at",
          "brought back",
          "complained about",
          "saved",
          "turned off",
          "heard of",
          "ordered",
          "has already seen",
          "painted",
          "dropped");
  private static final List<String> OBJECT =
      List.of(
          "the blue bicycle",
          "seven boxes of tea",
          "a bowl of soup",
          "the missing keys",
          "two tickets",
          "the front door",
          "an early train",
          "the other window",
          "half the money",
          "the game on television",
          "a piece of paper",
          "the volume",
          "the emergency brake",
          "the shopping list",
          "a different answer",
          "the oven",
          "some fresh bread",
          "the conveyor belt",
          "the last goal",
          "a heavy suitcase",
          "the summer holidays");
  private static final List<String> TAIL =
      List.of(
          "this morning",
          "after lunch",
          "in the garden",
          "near the station",
          "before the meeting",
          "on Thursday",
          "at a quarter past nine",
          "because it rained",
          "without saying a word",
          "when the lights went out",
          "all over again",
          "for the third time",
          "last November",
          "at home",
          "and left",
          "but it did not help",
          "in the other room",
          "twice a day",
          "");
  private static final List<String> ALONE =
      List.of(
          "What time is it?",
          "I don't know, maybe later.",
          "Could you pass me the salt, please?",
          "Turn left after two hundred metres.",
          "It was behind the shelf.",
          "Thank you very much.",
          "It costs nineteen dollars and forty cents.",
          "Did you see that? Unbelievable!",
          "Let's go, we are late again.",
          "They say the road is closed.",
          "Watch out, it is hot.",
          "Please hold the line.",
          "Seven, eight, nine, ten, eleven.",
          "He shoots, and he scores!",
          "Hey, wait for me!",
          "Okay, okay, I heard you.",
          "Have a nice evening.",
          "We need more volunteers.",
          "Mix the flour and the eggs, then add milk.",
          "Is anybody home?");
  private static final Map<String, List<String>> FOREIGN_TALK =
      Map.of(
          "de",
              List.of(
                  "Guten Morgen, wie geht es dir heute?",
                  "Der Zug nach Hamburg fährt um neun.",
                  "Ich habe das Fenster schon zugemacht."),
          "it",
              List.of(
                  "Buongiorno, vorrei un caffè e un cornetto.",
                  "La partita comincia alle nove.",
                  "Dove hai messo le chiavi della macchina?"),
          "nl",
              List.of(
                  "Goedemorgen, heb je goed geslapen?", "De trein naar Utrecht heeft vertraging."),
          "es",
              List.of(
                  "Buenos días, ¿qué tal estás?",
                  "El tren sale a las ocho y media.",
                  "No sé dónde está la llave."),
          "fr", List.of("Bonjour, comment allez-vous?", "Le train part à huit heures et demie."),
          "pl", List.of("Dzień dobry, jak się masz?", "Pociąg odjeżdża o dziewiątej."));

  private Phrases() {}

  static String wake(RandomGenerator random) {
    return pick(random, WAKE);
  }

  static String confusable(RandomGenerator random, Split split) {
    return pick(
        random,
        switch (split) {
          case TRAINING -> CONFUSABLE_TRAINING;
          case DEVELOPMENT, TEST -> CONFUSABLE_HELD_OUT;
        });
  }

  /** A language other than English, and something said in it. */
  static Map.Entry<String, String> foreignTalk(RandomGenerator random) {
    List<String> languages = FOREIGN_TALK.keySet().stream().sorted().toList();
    String language = pick(random, languages);
    return Map.entry(language, pick(random, FOREIGN_TALK.getOrDefault(language, List.of("..."))));
  }

  /** One to four sentences. */
  static String talk(RandomGenerator random) {
    StringBuilder text = new StringBuilder();
    int sentences = 1 + random.nextInt(4);
    for (int i = 0; i < sentences; i++) {
      text.append(random.nextInt(4) == 0 ? pick(random, ALONE) : sentence(random)).append(' ');
    }
    return text.toString().strip();
  }

  private static String sentence(RandomGenerator random) {
    return pick(random, SUBJECT)
        + " "
        + pick(random, VERB)
        + " "
        + pick(random, OBJECT)
        + " "
        + pick(random, TAIL)
        + ".";
  }

  static <T> T pick(RandomGenerator random, List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
