package dev.earshot.trainer.network;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.loss.SoftmaxCrossEntropyLoss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.util.ArrayList;
import java.util.List;

/**
 * Trains an {@link Architecture} with PyTorch (through DJL) on one thread of the CPU: with more
 * threads the order of additions, and so the result, would change from run to run. Not for several
 * threads; one at a time in a process, because the seed is the engine's.
 */
public final class TorchTrainer implements AutoCloseable {
  private static final float EPSILON = 1e-5f;

  private final Architecture architecture;
  private final Model model;
  private final Trainer trainer;
  private final Loss loss =
      new SoftmaxCrossEntropyLoss("smoothed cross entropy", 1, -1, false, true);

  /**
   * @param steps of the optimizer that will be made; the learning rate falls along a cosine until
   *     then
   * @throws IllegalStateException when the PyTorch engine is not on the class path
   */
  public TorchTrainer(Architecture architecture, long seed, double learningRate, int steps) {
    this.architecture = architecture;
    engine().setRandomSeed((int) seed);
    model = Model.newInstance("wake-word", Device.cpu(), "PyTorch");
    model.setBlock(block(architecture));
    Tracker rate =
        Tracker.cosine()
            .setBaseValue((float) learningRate)
            .optFinalValue((float) learningRate / 100)
            .setMaxUpdates(steps)
            .build();
    trainer =
        model.newTrainer(
            new DefaultTrainingConfig(loss)
                .optOptimizer(Optimizer.adam().optLearningRateTracker(rate).build())
                .optDevices(new Device[] {Device.cpu()}));
    trainer.initialize(shape(1));
  }

  /**
   * The engine; to be asked for before long work begins that would be in vain without it.
   *
   * @throws IllegalStateException when it is not on the class path, with the way to get it there
   */
  public static Engine engine() {
    if (!Engine.hasEngine("PyTorch")) {
      throw new IllegalStateException(
          "training needs the PyTorch engine, which this class path does not have (run it with the"
              + " Maven profile train: ./earshot model train does)");
    }
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("ai.djl.pytorch.num_threads", "1");
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    return Engine.getEngine("PyTorch");
  }

  private static SequentialBlock block(Architecture architecture) {
    return switch (architecture) {
      case Architecture.Convolutional convolutional -> block(convolutional);
      case Architecture.FullyConnected fullyConnected -> block(fullyConnected);
    };
  }

  private static SequentialBlock block(Architecture.FullyConnected architecture) {
    SequentialBlock block = new SequentialBlock().add(Blocks.batchFlattenBlock());
    for (int outputs : architecture.hidden()) {
      block.add(Linear.builder().setUnits(outputs).build());
      block.add(BatchNorm.builder().optEpsilon(EPSILON).build());
      block.add(Activation.reluBlock());
    }
    return block.add(Linear.builder().setUnits(Architecture.CLASSES).build());
  }

  private static SequentialBlock block(Architecture.Convolutional architecture) {
    SequentialBlock block = new SequentialBlock();
    int channels = Architecture.BINS;
    for (Architecture.Block layer : architecture.blocks()) {
      block.add(
          Conv1d.builder()
              .setKernelShape(new Shape(layer.time()))
              .setFilters(channels)
              .optGroups(channels)
              .build());
      block.add(Conv1d.builder().setKernelShape(new Shape(1)).setFilters(layer.channels()).build());
      block.add(BatchNorm.builder().optEpsilon(EPSILON).build());
      block.add(Activation.reluBlock());
      channels = layer.channels();
    }
    return block
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(Architecture.CLASSES).build());
  }

  /**
   * One step of the optimizer.
   *
   * @param windows [batch][bins][frames]
   * @param targets [batch][classes], probabilities
   * @return the loss before the step
   */
  public float step(float[] windows, float[] targets) {
    int batch = targets.length / Architecture.CLASSES;
    try (NDManager manager = trainer.getManager().newSubManager()) {
      NDArray x = manager.create(windows, shape(batch));
      NDArray y = manager.create(targets, new Shape(batch, Architecture.CLASSES));
      float value;
      try (GradientCollector gradients = trainer.newGradientCollector()) {
        NDArray logits = trainer.forward(new NDList(x)).singletonOrThrow();
        NDArray mean = loss.evaluate(new NDList(y), new NDList(logits));
        gradients.backward(mean);
        value = mean.getFloat();
      }
      trainer.step();
      return value;
    }
  }

  /**
   * What the network says now.
   *
   * @param windows [batch][bins][frames]
   * @return [batch][classes], logits
   */
  public float[] logits(float[] windows) {
    int batch = windows.length / (Architecture.BINS * architecture.frames());
    try (NDManager manager = trainer.getManager().newSubManager()) {
      NDArray x = manager.create(windows, shape(batch));
      return trainer.evaluate(new NDList(x)).singletonOrThrow().toFloatArray();
    }
  }

  /** The network as it is now, batch normalization folded into the pointwise convolutions. */
  public FloatNetwork network() {
    List<float[]> values = new ArrayList<>();
    model.getBlock().getParameters().values().forEach(p -> values.add(p.getArray().toFloatArray()));
    List<FloatNetwork.Block> blocks = new ArrayList<>();
    List<FloatNetwork.Dense> hidden = new ArrayList<>();
    int next = 0;
    switch (architecture) {
      case Architecture.Convolutional convolutional -> {
        for (Architecture.Block layer : convolutional.blocks()) {
          blocks.add(fold(layer, values.subList(next, next + 8)));
          next += 8;
        }
      }
      case Architecture.FullyConnected fullyConnected -> {
        framesFirst(values.getFirst(), architecture.frames());
        for (int i = 0; i < fullyConnected.hidden().size(); i++) {
          hidden.add(fold(values.subList(next, next + 6)));
          next += 6;
        }
      }
    }
    return new FloatNetwork(
        blocks, hidden, new FloatNetwork.Dense(values.get(next), values.get(next + 1)));
  }

  /** Weights over [bins][frames], as training has windows, to [frames][bins], as the engine has. */
  private static void framesFirst(float[] weights, int frames) {
    int inputs = Architecture.BINS * frames;
    float[] before = weights.clone();
    for (int i = 0; i < weights.length; i++) {
      int frame = i % inputs / Architecture.BINS;
      int bin = i % Architecture.BINS;
      weights[i] = before[i / inputs * inputs + bin * frames + frame];
    }
  }

  /** Order in DJL: weight, bias, gamma, beta, mean, variance. */
  private static FloatNetwork.Dense fold(List<float[]> values) {
    float[] weights = values.get(0).clone();
    float[] bias = values.get(1).clone();
    normalize(weights, bias, values.subList(2, 6));
    return new FloatNetwork.Dense(weights, bias);
  }

  /**
   * Folds batch normalization into the layer before it.
   *
   * @param weights [outputs][inputs]
   * @param batchNorm gamma, beta, mean, variance
   */
  private static void normalize(float[] weights, float[] bias, List<float[]> batchNorm) {
    int inputs = weights.length / bias.length;
    for (int o = 0; o < bias.length; o++) {
      double scale = batchNorm.get(0)[o] / Math.sqrt(batchNorm.get(3)[o] + EPSILON);
      for (int c = 0; c < inputs; c++) {
        weights[o * inputs + c] *= (float) scale;
      }
      bias[o] = (float) ((bias[o] - batchNorm.get(2)[o]) * scale + batchNorm.get(1)[o]);
    }
  }

  /** Order in DJL: depthwise weight, bias, pointwise weight, bias, gamma, beta, mean, variance. */
  private static FloatNetwork.Block fold(Architecture.Block layer, List<float[]> values) {
    float[] torch = values.get(0);
    int inputs = values.get(1).length;
    float[] depthwise = new float[torch.length];
    for (int c = 0; c < inputs; c++) {
      for (int k = 0; k < layer.time(); k++) {
        depthwise[k * inputs + c] = torch[c * layer.time() + k];
      }
    }
    float[] pointwise = values.get(2).clone();
    float[] bias = values.get(3).clone();
    normalize(pointwise, bias, values.subList(4, 8));
    return new FloatNetwork.Block(layer.time(), depthwise, values.get(1), pointwise, bias);
  }

  private Shape shape(int batch) {
    return new Shape(batch, Architecture.BINS, architecture.frames());
  }

  @Override
  public void close() {
    trainer.close();
    model.close();
  }
}
