package dev.earshot.registry.release;

import dev.earshot.protocol.problem.ProblemType;
import java.util.Locale;

/** Why a release was not accepted. A closed set: metrics use it as a label. */
public enum RefusalReason {
  /** The envelope can't be read, or one of its values is out of range. */
  UNREADABLE_MANIFEST(ProblemType.INVALID_REQUEST),
  /** Not signed by a publisher that this registry trusts. */
  UNTRUSTED_SIGNATURE(ProblemType.SIGNATURE_REFUSED),
  /** No device would install it any more. */
  EXPIRED(ProblemType.SIGNATURE_REFUSED),
  /** A file of the release was not uploaded, or has another length. */
  MISSING_BLOB(ProblemType.MODEL_REFUSED),
  /** The engine can't read the model. */
  UNREADABLE_MODEL(ProblemType.MODEL_REFUSED),
  /** A declared chip is not known, or can't run the model. */
  DOES_NOT_FIT(ProblemType.MODEL_REFUSED),
  /** Detector or front end do not belong to this model. */
  WRONG_DETECTOR(ProblemType.MODEL_REFUSED),
  /** The self-test can't be read, the engine gives other results, or it never wakes. */
  SELF_TEST_FAILED(ProblemType.MODEL_REFUSED),
  /** The evaluation can't be read, is about something else, or contradicts itself or the engine. */
  WRONG_EVALUATION(ProblemType.MODEL_REFUSED),
  /** The card can't be read, or contradicts the manifest. */
  WRONG_CARD(ProblemType.MODEL_REFUSED),
  /** The release that it says to improve on is not published, or not older. */
  UNKNOWN_PARENT(ProblemType.MODEL_REFUSED),
  /** The version exists with other content. */
  VERSION_TAKEN(ProblemType.CONFLICT),
  /** The counter does not grow. */
  COUNTER_NOT_GROWING(ProblemType.CONFLICT);

  private final ProblemType type;

  RefusalReason(ProblemType type) {
    this.type = type;
  }

  /** How HTTP tells it. */
  public ProblemType type() {
    return type;
  }

  /** {@code version-taken} for VERSION_TAKEN. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
