package dev.earshot.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.flatbuffers.FlatBufferBuilder;
import com.google.protobuf.ByteString;
import dev.earshot.agent.FactoryImage;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.Labels;
import dev.earshot.protocol.release.Evaluation;
import dev.earshot.protocol.release.Evaluation.EnvironmentResult;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.ReleaseManifest.Target;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.protocol.trust.LocalTrust;
import dev.earshot.protocol.trust.Order;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.protocol.trust.TrustAnchors;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.Environment;
import dev.earshot.protocol.v1.Install;
import dev.earshot.protocol.v1.SelfTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A complete small release: a model of one softmax that the engine runs, self-test vectors whose
 * answer is known by arithmetic, and an evaluation with round numbers.
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record TestRelease(SignedManifest signed, byte[] model, byte[] selfTest, byte[] evaluation) {
  /** Signs every test release. */
  public static final SigningKey PUBLISHER =
      SigningKey.ofSeed(Digest.of("test".getBytes(StandardCharsets.UTF_8)).bytes());

  /** Whom every test device trusts. */
  public static final LocalTrust TRUST =
      LocalTrust.of(
          role ->
              role.equals(LocalTrust.PUBLISHER)
                  ? PUBLISHER
                  : SigningKey.ofSeed(Digest.of(role.getBytes(StandardCharsets.UTF_8)).bytes()),
          Instant.parse("2099-01-01T00:00:00Z"));

  public static final TrustAnchors ANCHORS = TRUST.anchors();

  private static final int SOFTMAX = 25;
  private static final int SOFTMAX_OPTIONS = 9;
  private static final byte INT8 = 9;

  /** A third in units of 1/256 with zero point -128, rounded: the softmax of three equal values. */
  private static final byte THIRD = -43;

  /**
   * A good release.
   *
   * @param falseAcceptsPerHour in every environment
   * @param falseRejectRate in every environment
   */
  public static TestRelease of(
      String release, int counter, double falseAcceptsPerHour, double falseRejectRate) {
    byte[] model = model(release);
    return of(
        release,
        counter,
        model,
        THIRD,
        evaluation(release, model, falseAcceptsPerHour, falseRejectRate));
  }

  /** A release whose model does not do what its vectors say. */
  public static TestRelease failingSelfTest(String release, int counter) {
    byte[] model = model(release);
    return of(release, counter, model, (byte) 0, evaluation(release, model, .5, .05));
  }

  /** A release whose evaluation is of another model. */
  public static TestRelease withoutEvaluation(String release, int counter) {
    return of(
        release, counter, model(release), THIRD, evaluation(release, new byte[] {1}, .5, .05));
  }

  /** The same model with another threshold, and what was measured there. */
  public TestRelease retuned(
      String release,
      int counter,
      int thresholdScore,
      double falseAcceptsPerHour,
      double falseRejectRate) {
    Evaluation measured = evaluation(release, model, falseAcceptsPerHour, falseRejectRate);
    Evaluation evaluation =
        new Evaluation(
            release,
            measured.modelDigest(),
            measured.corpus(),
            thresholdScore,
            measured.energyPerInferenceMicrojoules(),
            measured.inferenceMicros(),
            measured.multiplyAccumulates(),
            measured.parameters(),
            measured.memoryBytes(),
            measured.environments());
    return of(release, counter, model, THIRD, evaluation);
  }

  public String name() {
    return signed.manifest().release().toString();
  }

  public byte[] envelope() {
    return signed.bytes().toArray();
  }

  public FactoryImage factoryImage() {
    return new FactoryImage(envelope(), selfTest, model);
  }

  /** The command to install it. */
  public DeviceCommand installCommand(String commandId, String registryUrl, int trialSeconds) {
    return DeviceCommand.newBuilder()
        .setCommandId(commandId)
        .setRollout("rollout-1")
        .setInstall(
            Install.newBuilder()
                .setRelease(name())
                .setManifestDigest(ByteString.copyFrom(signed.digest().bytes()))
                .setRegistryUrl(registryUrl)
                .setTrialSeconds(trialSeconds))
        .build();
  }

  /** That command to install this, with the director's order to that device. */
  public byte[] ordered(DeviceCommand command, DeviceId device, long version, Instant now) {
    Order order =
        new Order(
            version,
            now.plus(Duration.ofDays(365)),
            device,
            command.getCommandId(),
            command.getRollout(),
            Order.Action.INSTALL,
            Optional.of(
                new Order.Target(
                    signed.manifest().release().manifestPath(),
                    envelope().length,
                    signed.digest())),
            command.getInstall().getTrialSeconds(),
            now);
    return command.toBuilder()
        .setDirector(ByteString.copyFrom(TRUST.sign(order)))
        .build()
        .toByteArray();
  }

  /** An evaluation that is the same in every environment: 1000 hours, 10 inferences a second. */
  public static Evaluation evaluation(
      String release, byte[] model, double falseAcceptsPerHour, double falseRejectRate) {
    List<Long> negative = new ArrayList<>(Collections.nCopies(32, 0L));
    negative.set(0, 30_000_000L);
    negative.set(1, 5_400_000L);
    negative.set(31, 600_000L);
    List<Long> wake = new ArrayList<>(Collections.nCopies(32, 0L));
    wake.set(20, 100L);
    wake.set(31, 900L);
    List<EnvironmentResult> results = new ArrayList<>();
    for (Environment environment : Labels.environments()) {
      results.add(
          new EnvironmentResult(
              Labels.of(environment),
              1000,
              (int) Math.round(1000 * falseAcceptsPerHour),
              1000,
              (int) Math.round(1000 * falseRejectRate),
              List.of(),
              negative,
              wake));
    }
    return new Evaluation(
        release,
        Digest.of(model).toString(),
        "made up for tests",
        100,
        14.5,
        1500,
        300_000,
        20_000,
        40_000,
        results);
  }

  private static TestRelease of(
      String release, int counter, byte[] model, byte expected, Evaluation evaluation) {
    byte[] selfTest =
        SelfTest.newBuilder()
            .addVectors(
                SelfTest.Vector.newBuilder()
                    .setInput(ByteString.copyFrom(new byte[] {7, 7, 7}))
                    .setOutput(ByteString.copyFrom(new byte[] {expected, expected, expected})))
            .build()
            .toByteArray();
    byte[] json;
    try {
      json = JsonMapper.builder().build().writeValueAsBytes(evaluation);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
    ReleaseManifest manifest =
        new ReleaseManifest(
            ReleaseRef.parse(release),
            counter,
            Instant.parse("2099-01-01T00:00:00Z"),
            List.of("ndp120"),
            "for tests",
            Target.of(model),
            Target.of(selfTest),
            Target.of(json),
            Target.of("name: test".getBytes(StandardCharsets.UTF_8)),
            new ReleaseManifest.Detector(0, evaluation.thresholdScore(), 1, 1000),
            "streaming-wake-word");
    return new TestRelease(
        SignedManifest.sign(manifest, List.of(PUBLISHER)), model, selfTest, json);
  }

  /** A {@code .tflite} of one softmax over three int8 values, and 100 KB that nothing uses. */
  private static byte[] model(String description) {
    FlatBufferBuilder builder = new FlatBufferBuilder(4096);
    int none = buffer(builder, new byte[0]);
    int ballast = buffer(builder, new byte[100_000]);
    int input = tensor(builder, "input", 0.1f, 0);
    int output = tensor(builder, "output", 1 / 256f, -128);
    builder.startTable(1);
    builder.addFloat(0, 1f, 0);
    int options = builder.endTable();
    int inputs = ints(builder, 0);
    int outputs = ints(builder, 1);
    builder.startTable(5);
    builder.addOffset(1, inputs, 0);
    builder.addOffset(2, outputs, 0);
    builder.addByte(3, (byte) SOFTMAX_OPTIONS, 0);
    builder.addOffset(4, options, 0);
    int operators = builder.createVectorOfTables(new int[] {builder.endTable()});
    int tensors = builder.createVectorOfTables(new int[] {input, output});
    builder.startTable(4);
    builder.addOffset(0, tensors, 0);
    builder.addOffset(1, inputs, 0);
    builder.addOffset(2, outputs, 0);
    builder.addOffset(3, operators, 0);
    int subgraphs = builder.createVectorOfTables(new int[] {builder.endTable()});
    builder.startTable(4);
    builder.addByte(0, (byte) SOFTMAX, 0);
    builder.addInt(3, SOFTMAX, 0);
    int codes = builder.createVectorOfTables(new int[] {builder.endTable()});
    int buffers = builder.createVectorOfTables(new int[] {none, ballast});
    int text = builder.createString(description);
    builder.startTable(5);
    builder.addInt(0, 3, 0);
    builder.addOffset(1, codes, 0);
    builder.addOffset(2, subgraphs, 0);
    builder.addOffset(3, text, 0);
    builder.addOffset(4, buffers, 0);
    builder.finish(builder.endTable(), "TFL3");
    return builder.sizedByteArray();
  }

  private static int buffer(FlatBufferBuilder builder, byte[] data) {
    int offset = data.length == 0 ? 0 : builder.createByteVector(data);
    builder.startTable(1);
    builder.addOffset(0, offset, 0);
    return builder.endTable();
  }

  private static int tensor(FlatBufferBuilder builder, String name, float scale, long zeroPoint) {
    builder.startVector(4, 1, 4);
    builder.addFloat(scale);
    int scales = builder.endVector();
    builder.startVector(8, 1, 8);
    builder.addLong(zeroPoint);
    int zeroPoints = builder.endVector();
    builder.startTable(7);
    builder.addOffset(2, scales, 0);
    builder.addOffset(3, zeroPoints, 0);
    int quantization = builder.endTable();
    int nameOffset = builder.createString(name);
    int shape = ints(builder, 1, 3);
    builder.startTable(5);
    builder.addOffset(0, shape, 0);
    builder.addByte(1, INT8, 0);
    builder.addOffset(3, nameOffset, 0);
    builder.addOffset(4, quantization, 0);
    return builder.endTable();
  }

  private static int ints(FlatBufferBuilder builder, int... values) {
    builder.startVector(4, values.length, 4);
    for (int i = values.length - 1; i >= 0; i--) {
      builder.addInt(values[i]);
    }
    return builder.endVector();
  }
}
