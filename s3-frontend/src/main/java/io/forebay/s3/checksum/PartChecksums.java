package io.forebay.s3.checksum;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;

/** The checksum of an object from those of its parts, without a look at the bytes. */
public final class PartChecksums {
  /**
   * A part.
   *
   * @param checksum in base64, of the algorithm's length
   * @param size in bytes
   */
  public record Part(String checksum, long size) {}

  private PartChecksums() {}

  /**
   * Combines.
   *
   * @param parts in order; one or more
   * @return as S3 writes it: base64, and for {@link ChecksumType#COMPOSITE} a dash and the number
   */
  public static String combine(ChecksumAlgorithm algorithm, ChecksumType type, List<Part> parts) {
    return switch (type) {
      case COMPOSITE -> composite(algorithm, parts);
      case FULL_OBJECT -> full(algorithm, parts);
    };
  }

  private static String composite(ChecksumAlgorithm algorithm, List<Part> parts) {
    ContentDigest digest = algorithm.start();
    for (Part part : parts) {
      digest.update(ByteBuffer.wrap(Base64.getDecoder().decode(part.checksum())));
    }
    return Base64.getEncoder().encodeToString(digest.finish()) + "-" + parts.size();
  }

  private static String full(ChecksumAlgorithm algorithm, List<Part> parts) {
    CrcCombination combination = CrcCombination.of(algorithm);
    long whole = 0;
    for (Part part : parts) {
      long crc = CrcCombination.toLong(Base64.getDecoder().decode(part.checksum()));
      whole = combination.append(whole, crc, part.size());
    }
    return Base64.getEncoder().encodeToString(combination.toBytes(whole));
  }
}
