package io.forebay.s3.checksum;

import java.nio.ByteBuffer;

/**
 * The CRC of a concatenation from the CRCs of its pieces. Appending {@code n} bytes multiplies a
 * CRC by {@code x^8n} modulo the polynomial, and the CRC of what was appended is added; initial and
 * final complements cancel out. The powers are found by squaring, so a piece costs some hundred
 * multiplications whatever its length.
 */
final class CrcCombination {
  private final long polynomial;
  private final int width;

  private CrcCombination(long polynomial, int width) {
    this.polynomial = polynomial;
    this.width = width;
  }

  /** For a linear algorithm. Polynomials are written with the highest power in the lowest bit. */
  static CrcCombination of(ChecksumAlgorithm algorithm) {
    return switch (algorithm) {
      case CRC32 -> new CrcCombination(0xEDB88320L, Integer.SIZE);
      case CRC32C -> new CrcCombination(0x82F63B78L, Integer.SIZE);
      case CRC64NVME -> new CrcCombination(Crc64Nvme.POLYNOMIAL, Long.SIZE);
      case SHA1, SHA256 -> throw new IllegalArgumentException(algorithm + " does not combine");
    };
  }

  /**
   * Appends.
   *
   * @param first CRC of what comes first
   * @param second CRC of what follows
   * @param secondLength its length in bytes, 0 or more
   */
  long append(long first, long second, long secondLength) {
    long one = 1L << (width - 1);
    long power = one;
    // x^8, then its squares.
    long square = one >>> 8;
    for (long left = secondLength; left != 0; left >>>= 1) {
      if ((left & 1) != 0) {
        power = multiply(power, square);
      }
      square = multiply(square, square);
    }
    return multiply(first, power) ^ second;
  }

  /** The product modulo the polynomial; the highest bit stands for {@code x^0}. */
  private long multiply(long a, long b) {
    long product = 0;
    long shifted = b;
    for (long bit = 1L << (width - 1); bit != 0; bit >>>= 1) {
      if ((a & bit) != 0) {
        product ^= shifted;
      }
      shifted = (shifted & 1) == 0 ? shifted >>> 1 : shifted >>> 1 ^ polynomial;
    }
    return product;
  }

  static long toLong(byte[] value) {
    ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES);
    return buffer.put(Long.BYTES - value.length, value).getLong(0);
  }

  byte[] toBytes(long value) {
    byte[] bytes = new byte[width / Byte.SIZE];
    ByteBuffer.allocate(Long.BYTES).putLong(value).get(Long.BYTES - bytes.length, bytes);
    return bytes;
  }
}
