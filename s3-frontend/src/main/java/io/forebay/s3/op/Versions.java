package io.forebay.s3.op;

/** Version ids, of which a bucket without versioning has one. */
final class Versions {
  private static final String CURRENT = "null";

  private Versions() {}

  /** Refuses every version but the one there is. */
  static void requireCurrent(String id) {
    if (!id.equals(CURRENT)) {
      throw S3Exception.invalidArgument("Invalid version id specified", "versionId", id);
    }
  }
}
