package io.forebay.s3.op;

import java.util.EnumSet;
import java.util.Set;

/** What GetObjectAttributes can be asked for. */
public enum ObjectAttribute {
  ETAG("ETag"),
  CHECKSUM("Checksum"),
  OBJECT_PARTS("ObjectParts"),
  STORAGE_CLASS("StorageClass"),
  OBJECT_SIZE("ObjectSize");

  private final String wireName;

  ObjectAttribute(String wireName) {
    this.wireName = wireName;
  }

  /** Reads the {@code x-amz-object-attributes} header. */
  static Set<ObjectAttribute> ofHeader(String text) {
    Set<ObjectAttribute> named = EnumSet.noneOf(ObjectAttribute.class);
    for (String each : text.split(",")) {
      String name = each.strip();
      boolean known = false;
      for (ObjectAttribute attribute : values()) {
        if (attribute.wireName.equals(name)) {
          named.add(attribute);
          known = true;
        }
      }
      if (!known) {
        throw S3Exception.invalidArgument(
            "Invalid attribute name specified", "x-amz-object-attributes", name);
      }
    }
    return named;
  }
}
