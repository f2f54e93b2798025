package io.forebay.s3.checksum;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/** The algorithms that {@code x-amz-checksum-} headers name. */
public enum ChecksumAlgorithm {
  CRC32(4),
  CRC32C(4),
  CRC64NVME(8),
  SHA1(20),
  SHA256(32);

  private final int bytes;

  ChecksumAlgorithm(int bytes) {
    this.bytes = bytes;
  }

  /** By the name that headers and documents give it, without case. */
  public static Optional<ChecksumAlgorithm> named(String name) {
    for (ChecksumAlgorithm each : values()) {
      if (each.name().equalsIgnoreCase(name)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** Those among what the engine keeps of a content, in the order of their names. */
  public static SortedMap<ChecksumAlgorithm, String> among(Map<String, String> kept) {
    SortedMap<ChecksumAlgorithm, String> found = new TreeMap<>();
    kept.forEach((name, value) -> named(name).ifPresent(algorithm -> found.put(algorithm, value)));
    return found;
  }

  /** The key under which the engine keeps it: the name in lower case. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The header that carries a value of it. */
  public String header() {
    return "x-amz-checksum-" + key();
  }

  /** The element that carries a value of it: {@code ChecksumCRC32} and so on. */
  public String element() {
    return "Checksum" + name();
  }

  /** Length of a value. */
  public int bytes() {
    return bytes;
  }

  /** Whether values of parts combine to the value of the whole. */
  public boolean isLinear() {
    return this == CRC32 || this == CRC32C || this == CRC64NVME;
  }

  /** A running computation. */
  public ContentDigest start() {
    return switch (this) {
      case CRC32 -> ContentDigest.of(new CRC32(), bytes);
      case CRC32C -> ContentDigest.of(new CRC32C(), bytes);
      case CRC64NVME -> ContentDigest.of(new Crc64Nvme(), bytes);
      case SHA1 -> ContentDigest.of(messageDigest("SHA-1"));
      case SHA256 -> ContentDigest.of(messageDigest("SHA-256"));
    };
  }

  /** An MD5, which is no such checksum but an ETag. */
  public static ContentDigest startMd5() {
    return ContentDigest.of(messageDigest("MD5"));
  }

  private static MessageDigest messageDigest(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has " + name, e);
    }
  }

  /** Whether a text is base64 of a value of this length. */
  public boolean isValue(String base64) {
    try {
      return Base64.getDecoder().decode(base64).length == bytes;
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }
}
