package dev.earshot.trainer.release;

import dev.earshot.protocol.Digest;
import dev.earshot.trainer.noise.AcousticEnvironment;
import dev.earshot.trainer.scene.FeatureMaker;
import dev.earshot.trainer.scene.Scene;
import dev.earshot.trainer.scene.SceneComposer;
import dev.earshot.trainer.scene.WindowSet;
import dev.earshot.trainer.work.Progress;
import dev.earshot.trainer.work.Workers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * What a network learns from.
 *
 * @param windows of every scene, talk first, in the order of the environments
 * @param digest over the samples of all scenes, in the same order
 */
record TrainingData(WindowSet windows, Digest digest) {

  @SuppressWarnings("ArrayRecordComponent") // on its way from a worker to the set
  private record Item(Scene scene, byte[] features, byte[] hash) {}

  private record Order(AcousticEnvironment environment, boolean talk, int number) {}

  /** Composes so many minutes of talk and of wake words; a scene is a minute. */
  static TrainingData compose(
      SceneComposer composer,
      int windowFrames,
      Map<AcousticEnvironment, Integer> talkMinutes,
      Map<AcousticEnvironment, Integer> wakeMinutes,
      Workers workers,
      IntFunction<Progress> progressOf) {
    List<Order> orders = new ArrayList<>();
    talkMinutes.forEach((place, minutes) -> order(orders, place, true, minutes));
    wakeMinutes.forEach((place, minutes) -> order(orders, place, false, minutes));
    Progress progress = progressOf.apply(orders.size());
    WindowSet windows = new WindowSet(windowFrames);
    MessageDigest digest = Digest.sha256();
    workers.run(
        orders.size(),
        FeatureMaker::new,
        (number, maker) -> make(composer, orders.get(number), maker),
        item -> {
          windows.add(item.scene(), item.features());
          digest.update(item.hash());
          progress.step();
        });
    return new TrainingData(windows, Digest.ofBytes(digest.digest()));
  }

  private static void order(
      List<Order> orders, AcousticEnvironment place, boolean talk, int minutes) {
    for (int number = 0; number < minutes; number++) {
      orders.add(new Order(place, talk, number));
    }
  }

  private static Item make(SceneComposer composer, Order order, FeatureMaker maker) {
    Scene scene =
        order.talk()
            ? composer.talk(order.environment(), order.number())
            : composer.wakes(order.environment(), order.number());
    return new Item(scene, maker.features(scene.pcm()), hash(scene.pcm()));
  }

  private static byte[] hash(short[] pcm) {
    ByteBuffer bytes = ByteBuffer.allocate(pcm.length * 2).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asShortBuffer().put(pcm);
    return Digest.sha256().digest(bytes.array());
  }
}
