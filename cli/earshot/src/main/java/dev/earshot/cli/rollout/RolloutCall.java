package dev.earshot.cli.rollout;

import dev.earshot.cli.Connection;
import dev.earshot.cli.UserError;
import dev.earshot.rollout.client.RolloutClient;
import java.io.IOException;

/** Something done with the rollout service; what goes wrong on the way becomes one line. */
interface RolloutCall<T> {
  T with(RolloutClient client) throws IOException, InterruptedException;

  static <T> T run(Connection connection, RolloutCall<T> call) {
    try (RolloutClient client = new RolloutClient(connection.rollout(), connection.token())) {
      return call.with(client);
    } catch (IOException e) {
      throw new UserError(
          "the rollout service at "
              + connection.rollout()
              + " can't be reached: "
              + e
              + ". Is it running (`earshot up`)?",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserError("interrupted", e);
    }
  }
}
