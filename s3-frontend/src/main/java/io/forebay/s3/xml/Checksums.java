package io.forebay.s3.xml;

import io.forebay.s3.checksum.ChecksumAlgorithm;
import io.forebay.s3.checksum.ChecksumType;
import java.util.Map;

/** The checksums of an object or part as elements. */
final class Checksums {
  private Checksums() {}

  /** Values only, as parts have them. */
  static void writeValues(XmlWriter xml, Map<String, String> kept) {
    ChecksumAlgorithm.among(kept)
        .forEach((algorithm, value) -> xml.element(algorithm.element(), value));
  }

  /** Values and their type, as objects have them. */
  static void write(XmlWriter xml, Map<String, String> kept) {
    writeValues(xml, kept);
    ChecksumAlgorithm.among(kept).values().stream()
        .findFirst()
        .ifPresent(value -> xml.element("ChecksumType", ChecksumType.of(value).name()));
  }
}
