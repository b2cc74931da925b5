package dev.earshot.ndp.fuzz;

import dev.earshot.ndp.differential.RandomModel;
import java.util.List;
import java.util.SplittableRandom;

/** The file of a seed: a valid model, spoiled a few times. The same bytes every time. */
final class FuzzedModel {
  private FuzzedModel() {}

  static byte[] of(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] file =
        random.nextInt(8) == 0
            ? Corpus.any(random)
            : RandomModel.chain(random.nextInt(100_000)).file();
    List<Site> sites = Anatomy.of(file);
    for (int mutations = mutations(random); mutations > 0; mutations--) {
      List<Site> inside = within(sites, file.length);
      if (inside.isEmpty()) {
        return file;
      }
      Mutation[] all = Mutation.values();
      file = all[random.nextInt(all.length)].apply(file, inside, random);
    }
    return file;
  }

  /** Mostly one: what is spoiled twice is refused for the first reason only. */
  private static int mutations(SplittableRandom random) {
    return switch (random.nextInt(8)) {
      case 0 -> 0;
      case 1 -> 2;
      case 2 -> random.nextInt(3, 9);
      default -> 1;
    };
  }

  private static List<Site> within(List<Site> sites, int length) {
    return sites.stream()
        .filter(site -> site.position() + site.kind().bytes() <= length)
        .filter(site -> length > 0)
        .toList();
  }
}
