package dev.earshot.registry.trust;

import com.google.protobuf.ByteString;
import dev.earshot.protocol.trust.ImageRepository;
import dev.earshot.protocol.trust.MetadataFile;
import dev.earshot.protocol.trust.SigningKey;
import dev.earshot.protocol.trust.TrustException;
import dev.earshot.registry.ledger.Change;
import dev.earshot.registry.ledger.LedgerUnavailableException;
import dev.earshot.registry.ledger.RegistryLedger;
import dev.earshot.registry.ledger.RegistryRecord;
import dev.earshot.registry.ledger.RegistryState;
import dev.earshot.registry.ledger.Side;
import dev.earshot.registry.ledger.SignedFiles;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes, keeps and hands out signed metadata. Whatever is accepted leaves a repository that a
 * client can follow from its pinned root to every listed release; snapshot and timestamp are signed
 * in the same transaction as what they tell of. Thread-safe; what changes something blocks.
 */
public final class TrustPlane {
  /**
   * Versions of a snapshot, of the targets and of a role that are kept for clients that are under
   * way: a client that fetched a timestamp may see this many changes less one before it has fetched
   * the rest.
   */
  public static final int KEPT = 8;

  private static final Logger LOG = LoggerFactory.getLogger(TrustPlane.class);

  private final RegistryLedger ledger;
  private final OnlineKeys online;
  private final InstantSource clock;
  private final ImageRepository.Validity validity;

  /**
   * @param clock the fleet's, which expiry is told by
   */
  public TrustPlane(
      RegistryLedger ledger,
      OnlineKeys online,
      InstantSource clock,
      ImageRepository.Validity validity) {
    this.ledger = ledger;
    this.online = online;
    this.clock = clock;
    this.validity = validity;
  }

  /** Why nothing can be vouched for; empty when it can. */
  public String problem() {
    return problem(ledger.state());
  }

  private String problem(RegistryState state) {
    Optional<SignedFiles> signed = state.signed();
    if (signed.isEmpty()) {
      return "has no roots to begin with (fix: set EARSHOT_TRUST_DIR to the folder with"
          + " image-root.json and director-root.json that 'earshot trust init' made)";
    }
    return signed.get().problem().isEmpty()
        ? online.problem(signed.get().image())
        : "can't trust: " + signed.get().problem();
  }

  /** A file as clients ask for it. */
  public Optional<ByteString> file(Side side, String name) {
    return ledger.state().signed().flatMap(signed -> signed.file(side, name));
  }

  /**
   * Takes a root, the targets or a role.
   *
   * @param breaking also when clients find nothing afterwards until what is below was signed again:
   *     the way out when keys are lost
   * @throws LedgerUnavailableException see {@link RegistryLedger#transact}
   */
  public Submission submit(Side side, MetadataFile file, byte[] bytes, boolean breaking) {
    Submission answer =
        ledger.transact(state -> decide(state, new Submitted(side, file, bytes, breaking)));
    switch (answer) {
      case Submission.Accepted ignored ->
          LOG.info("Took {} of the {} side{}", file, side.word(), breaking ? ", breaking" : "");
      case Submission.AlreadyThere ignored -> {}
      case Submission.Refused refused ->
          LOG.warn("Refused {} of the {} side: {}", file, side.word(), refused.detail());
    }
    return answer;
  }

  private Change<Submission> decide(RegistryState state, Submitted submitted) {
    String problem = problem(state);
    if (!problem.isEmpty() && !(submitted.file().isRoot() && state.signed().isPresent())) {
      return Change.none(SubmissionCheck.unavailable("the registry " + problem));
    }
    SignedFiles signed = state.signed().orElseThrow();
    Optional<ByteString> present = signed.file(submitted.side(), submitted.file().name());
    if (present.isPresent()) {
      return Change.none(SubmissionCheck.present(submitted, present.get()));
    }
    SubmissionCheck check = new SubmissionCheck(state, signed, online, clock.instant());
    Optional<Submission.Refused> early = check.early(submitted);
    if (early.isPresent()) {
      return Change.none(early.get());
    }
    try {
      return switch (submitted.side()) {
        case DIRECTOR -> {
          check.director(submitted);
          yield Change.of(new Submission.Accepted(), record(submitted));
        }
        case IMAGE -> {
          ImageRepository next = check.image(submitted);
          Optional<Submission.Refused> unlisted = check.content(submitted, next);
          yield unlisted.isPresent()
              ? Change.none(unlisted.get())
              : new Change<>(new Submission.Accepted(), changes(signed.image(), next));
        }
      };
    } catch (TrustException e) {
      return Change.none(SubmissionCheck.refused(submitted, e));
    }
  }

  private static RegistryRecord record(Submitted submitted) {
    return new RegistryRecord.Metadata(
        submitted.side(), submitted.file(), ByteString.copyFrom(submitted.bytes()));
  }

  /**
   * Signs snapshot and timestamp anew when half of their validity is over. Several registries may
   * do this at the same time: one of them writes, the others find it done.
   *
   * @return whether this registry signed
   */
  public boolean renew() {
    if (changes(ledger.state()).isEmpty()) {
      return false;
    }
    boolean signed =
        ledger.transact(
            state -> {
              List<RegistryRecord> records = changes(state);
              return new Change<>(!records.isEmpty(), records);
            });
    if (signed) {
      LOG.info("Signed snapshot and timestamp anew");
    }
    return signed;
  }

  private List<RegistryRecord> changes(RegistryState state) {
    if (!ledger.problem().isEmpty() || !problem(state).isEmpty()) {
      return List.of();
    }
    ImageRepository image = state.signed().orElseThrow().image();
    return image.targets().isEmpty() ? List.of() : changes(image, image);
  }

  /**
   * What is to be written so that clients find all of {@code after}. What others refer to comes
   * first and what is dropped last, so that a reader who sees only a part sees something whole.
   */
  private List<RegistryRecord> changes(ImageRepository before, ImageRepository after) {
    Optional<SigningKey> key = online.of(after.root());
    ImageRepository next = after;
    if (key.isPresent() && after.targets().isPresent()) {
      next = after.published(key.get(), clock.instant(), validity).pruned(KEPT);
    }
    List<RegistryRecord> first = new ArrayList<>();
    List<RegistryRecord> snapshots = new ArrayList<>();
    List<RegistryRecord> timestamps = new ArrayList<>();
    for (Map.Entry<String, byte[]> entry : next.files().entrySet()) {
      byte[] known = before.files().get(entry.getKey());
      if (known == null || !Arrays.equals(known, entry.getValue())) {
        MetadataFile file = MetadataFile.parse(entry.getKey());
        (file.equals(MetadataFile.TIMESTAMP) ? timestamps : file.isOnline() ? snapshots : first)
            .add(
                new RegistryRecord.Metadata(
                    Side.IMAGE, file, ByteString.copyFrom(entry.getValue())));
      }
    }
    first.addAll(snapshots);
    first.addAll(timestamps);
    for (String name : before.files().keySet()) {
      if (!next.files().containsKey(name)) {
        first.add(new RegistryRecord.MetadataDropped(Side.IMAGE, MetadataFile.parse(name)));
      }
    }
    return first;
  }
}
