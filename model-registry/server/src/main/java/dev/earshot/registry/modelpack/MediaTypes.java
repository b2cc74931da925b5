package dev.earshot.registry.modelpack;

/**
 * The media types of a release's artifact. ModelPack's are those of its specification
 * (github.com/modelpack/model-spec, media types v1), OCI's those of the Image Specification 1.1.
 */
public final class MediaTypes {
  public static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  public static final String OCI_EMPTY = "application/vnd.oci.empty.v1+json";

  public static final String MODEL_MANIFEST = "application/vnd.cncf.model.manifest.v1+json";
  public static final String MODEL_CONFIG = "application/vnd.cncf.model.config.v1+json";
  public static final String WEIGHT = "application/vnd.cncf.model.weight.v1.raw";
  public static final String WEIGHT_CONFIG = "application/vnd.cncf.model.weight.config.v1.raw";
  public static final String DOC = "application/vnd.cncf.model.doc.v1.raw";
  public static final String DATASET = "application/vnd.cncf.model.dataset.v1.raw";

  /** What was measured: {@code evaluation.json}. */
  public static final String EVALUATION = "application/vnd.earshot.evaluation.v1+json";

  /** The signed manifest, in TUF's envelope. */
  public static final String SIGNED_MANIFEST = "application/vnd.earshot.manifest.v1+json";

  /** A statement in in-toto's format. */
  public static final String IN_TOTO = "application/vnd.in-toto+json";

  /** A signed statement (secure-systems-lab/dsse). */
  public static final String DSSE = "application/vnd.dsse.envelope.v1+json";

  private MediaTypes() {}
}
