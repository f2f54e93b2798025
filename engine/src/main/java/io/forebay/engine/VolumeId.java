package io.forebay.engine;

import java.util.UUID;

/** Which volume this is; part of every file handle and of the volume's objects in the bucket. */
public record VolumeId(UUID uuid) {
  @Override
  public String toString() {
    return uuid.toString();
  }
}
