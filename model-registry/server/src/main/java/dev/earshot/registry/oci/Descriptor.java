package dev.earshot.registry.oci;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a list of referrers tells about one manifest (OCI Image Specification, descriptor).
 *
 * @param size bytes
 * @param artifactType what it is; null when the manifest does not say
 * @param annotations the manifest's own
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Descriptor(
    String mediaType,
    String digest,
    long size,
    @Nullable String artifactType,
    @Nullable Map<String, String> annotations) {

  public Descriptor {
    annotations = annotations == null ? Map.of() : Map.copyOf(annotations);
  }
}
