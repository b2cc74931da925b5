package dev.earshot.simulator.device;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.simulator.registry.Catalogue;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Hands commands over in their order, each when the world knows how its release behaves. When that
 * can't be learned it is handed over all the same: a self-test refuses what nobody knows. Used on
 * the device's loop.
 */
final class Orders {
  private final Catalogue catalogue;
  private final FaultDice dice;
  private final DeviceLoop loop;
  private CompletionStage<?> before = CompletableFuture.completedFuture(null);

  Orders(Catalogue catalogue, FaultDice dice, DeviceLoop loop) {
    this.catalogue = catalogue;
    this.dice = dice;
    this.loop = loop;
  }

  /**
   * @param power of the boot that received it
   * @param handOver gives the payload to its agent
   */
  void receive(byte[] payload, Power power, Runnable handOver) {
    Optional<DeviceCommand> command = parse(payload);
    CompletionStage<?> known =
        command
            .flatMap(Orders::releaseOf)
            .map(catalogue::learn)
            .orElse(CompletableFuture.completedFuture(null));
    Runnable act =
        () -> {
          dice.commandArrived(command.map(DeviceCommand::getCommandId).orElse(""));
          handOver.run();
        };
    before =
        before
            .handle((done, failure) -> known)
            .thenCompose(Function.identity())
            .handle((done, failure) -> done)
            .thenRunAsync(() -> power.run(act), loop);
  }

  private static Optional<DeviceCommand> parse(byte[] payload) {
    try {
      return Optional.of(DeviceCommand.parseFrom(payload));
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty(); // the agent says what is wrong with it
    }
  }

  private static Optional<ReleaseRef> releaseOf(DeviceCommand command) {
    try {
      return switch (command.getActionCase()) {
        case INSTALL -> Optional.of(ReleaseRef.parse(command.getInstall().getRelease()));
        case REVERT -> Optional.of(ReleaseRef.parse(command.getRevert().getRelease()));
        case CANCEL, ACTION_NOT_SET -> Optional.empty();
      };
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // the agent says what is wrong with it
    }
  }
}
