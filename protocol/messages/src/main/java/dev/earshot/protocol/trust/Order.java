package dev.earshot.protocol.trust;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.Digest;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What the director wants of one device: targets metadata for that device alone. It is made for one
 * command and soon expires, so that it is its own snapshot and timestamp.
 *
 * @param version grows with every order to that device
 * @param device whom it is for
 * @param commandId of the command that carries it
 * @param rollout that it belongs to
 * @param action what is wanted
 * @param target the signed manifest of the release to run; empty for a cancellation
 * @param trialSeconds as in the command; 0 when there is no trial
 * @param issued when it was signed, by the fleet's clock: a device whose own clock stands still
 *     learns from it how late it is at least
 */
public record Order(
    long version,
    Instant expires,
    DeviceId device,
    String commandId,
    String rollout,
    Action action,
    Optional<Target> target,
    int trialSeconds,
    Instant issued)
    implements Metadata {
  /** Longer envelopes are refused unread. */
  public static final int LONGEST = 4096;

  /** What is wanted. */
  public enum Action {
    INSTALL("install"),
    /** Also to a release with a lower counter: the one way to go back. */
    REVERT("revert"),
    CANCEL("cancel");

    private final String word;

    Action(String word) {
      this.word = word;
    }

    private static Action of(String word) {
      for (Action action : values()) {
        if (action.word.equals(word)) {
          return action;
        }
      }
      throw new IllegalArgumentException(
          "action: '" + word + "' (expected: install, revert or cancel)");
    }
  }

  /**
   * The manifest of a release.
   *
   * @param path as the image side lists it
   */
  public record Target(String path, int length, Digest digest) {}

  public Order {
    Metadata.requireVersion(version);
    if (target.isEmpty() != (action == Action.CANCEL)) {
      throw new IllegalArgumentException(
          "targets (expected: one for an install or a revert, none to cancel)");
    }
  }

  @Override
  public String type() {
    return "targets";
  }

  @Override
  public ObjectNode encode() {
    ObjectNode signed = Metadata.header(this);
    ObjectNode targets = signed.putObject("targets");
    target.ifPresent(
        file ->
            targets
                .putObject(file.path())
                .put("length", file.length())
                .putObject("hashes")
                .put("sha256", file.digest().hex()));
    signed
        .putObject("custom")
        .put("device", device.toString())
        .put("command_id", commandId)
        .put("rollout", rollout)
        .put("action", action.word)
        .put("trial_seconds", trialSeconds)
        .put("issued", issued.toString());
    return signed;
  }

  static Order decode(JsonNode signed) {
    Metadata.requireHeader(signed, "targets");
    JsonNode targets = Json.object(signed, "targets");
    if (targets.size() > 1) {
      throw new IllegalArgumentException("targets: " + targets.size() + " (expected: at most 1)");
    }
    Optional<Target> target = Optional.empty();
    for (Map.Entry<String, JsonNode> entry : targets.properties()) {
      target =
          Optional.of(
              new Target(
                  entry.getKey(),
                  (int) Json.number(entry.getValue(), "length", 1, TrustedImage.LONGEST),
                  new Digest(Json.text(Json.object(entry.getValue(), "hashes"), "sha256"))));
    }
    JsonNode custom = Json.object(signed, "custom");
    return new Order(
        Metadata.readVersion(signed),
        Json.instant(signed, "expires"),
        DeviceId.parse(Json.text(custom, "device")),
        Json.text(custom, "command_id"),
        Json.text(custom, "rollout"),
        Action.of(Json.text(custom, "action")),
        target,
        (int) Json.number(custom, "trial_seconds", 0, Integer.MAX_VALUE),
        Json.instant(custom, "issued"));
  }
}
