package io.forebay.engine.bucket;

import io.forebay.ambient.Invariant;

/**
 * Settings of the object view.
 *
 * @param objectMode permission bits of files that S3 creates: 0 to 0777
 * @param directoryMode permission bits of directories that S3 creates: 0 to 0777
 */
public record BucketSettings(int objectMode, int directoryMode) {
  public BucketSettings {
    Invariant.check((objectMode & ~0777) == 0, "an object mode is 0 to 0777", objectMode);
    Invariant.check((directoryMode & ~0777) == 0, "a directory mode is 0 to 0777", directoryMode);
  }
}
