package dev.earshot.ndp.differential;

/** All steps that models are drawn from. */
enum Steps {
  CONV_2D(new ConvStep()),
  CONV_2D_OF_RESIDUAL_NETWORKS(new ResidualConvStep()),
  CONV_2D_THAT_CANCELS(new CancellingStep()),
  DEPTHWISE_CONV_2D(new DepthwiseStep()),
  FULLY_CONNECTED(new FullyConnectedStep()),
  AVERAGE_POOL_2D(new AveragePoolStep()),
  ADD(new AddStep()),
  RESHAPE(new ReshapeStep()),
  SOFTMAX(new SoftmaxStep()),
  MAX_POOL_2D(new MaxPoolStep()),
  BROADCAST_ADD(new BroadcastStep(false)),
  MUL(new BroadcastStep(true)),
  LOGISTIC(new LogisticStep()),
  RELU(new ElementStep(19)),
  RELU6(new ElementStep(21)),
  RELU_N1_TO_1(new ElementStep(20)),
  QUANTIZE(new ElementStep(114)),
  PAD(new PadStep()),
  MEAN(new MeanStep()),
  CONCATENATION(new ConcatenationStep()),
  STRIDED_SLICE(new StridedSliceStep());

  private final Step step;

  Steps(Step step) {
    this.step = step;
  }

  Step step() {
    return step;
  }
}
