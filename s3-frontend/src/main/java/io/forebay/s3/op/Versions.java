package io.forebay.s3.op;

import io.forebay.engine.EngineException;
import io.forebay.engine.VersionId;

/** Version ids as clients write them. */
public final class Versions {
  private Versions() {}

  /** {@link S3Error#INVALID_ARGUMENT} for what no version can have. */
  public static VersionId of(String id) {
    try {
      return VersionId.of(id);
    } catch (EngineException e) {
      throw S3Exception.invalidArgument("Invalid version id specified", "versionId", id);
    }
  }
}
