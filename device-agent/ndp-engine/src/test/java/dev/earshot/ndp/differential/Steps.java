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
  SOFTMAX(new SoftmaxStep());

  private final Step step;

  Steps(Step step) {
    this.step = step;
  }

  Step step() {
    return step;
  }
}
