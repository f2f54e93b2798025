package io.forebay.s3.checksum;

import java.util.Optional;

/** How the checksum of an object that was put in parts comes about. */
public enum ChecksumType {
  /** The checksum of the parts' checksums, with a dash and their number. */
  COMPOSITE,
  /** The checksum of all bytes, as if they had come in one piece. */
  FULL_OBJECT;

  public static Optional<ChecksumType> named(String name) {
    for (ChecksumType each : values()) {
      if (each.name().equals(name)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** What an upload gets that does not ask. */
  public static ChecksumType defaultOf(ChecksumAlgorithm algorithm) {
    return algorithm == ChecksumAlgorithm.CRC64NVME ? FULL_OBJECT : COMPOSITE;
  }

  /** Whether S3 offers it for an algorithm. */
  public boolean isOfferedFor(ChecksumAlgorithm algorithm) {
    return switch (this) {
      case COMPOSITE -> algorithm != ChecksumAlgorithm.CRC64NVME;
      case FULL_OBJECT -> algorithm.isLinear();
    };
  }

  /** Which one a stored value is. */
  public static ChecksumType of(String value) {
    return value.contains("-") ? COMPOSITE : FULL_OBJECT;
  }
}
