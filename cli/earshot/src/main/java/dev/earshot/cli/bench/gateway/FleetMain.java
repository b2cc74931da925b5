package dev.earshot.cli.bench.gateway;

import dev.earshot.cli.bench.Answers;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The process whose devices only hold connections, and come back when they lose them. Questions:
 * {@code connect PORT COUNT} (that many more), {@code begin} (counts and time start over), {@code
 * count}: the words of a {@link FleetCount}.
 */
final class FleetMain {
  private final Fleet fleet;

  private FleetMain(Fleet fleet) {
    this.fleet = fleet;
  }

  /**
   * Arguments: the folder with the key that signs devices' tokens, and {@code plain} or {@code
   * tls}.
   */
  public static void main(String[] args) throws Exception {
    MultiThreadIoEventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try {
      Path folder = Path.of(args[0]);
      Fleet fleet =
          new Fleet(loops.next(), BenchTokens.open(folder), folder, args[1].equals("tls"));
      Answers.give(new FleetMain(fleet)::answer);
    } finally {
      var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }

  private String answer(String what, List<String> words) throws Exception {
    return switch (what) {
      case "connect" -> {
        fleet.connect(Integer.parseInt(words.get(0)), Integer.parseInt(words.get(1)));
        yield "started";
      }
      case "begin" -> {
        fleet.begin();
        yield "begun";
      }
      case "count" -> fleet.count().words();
      default -> throw new IOException("unknown question " + what);
    };
  }
}
