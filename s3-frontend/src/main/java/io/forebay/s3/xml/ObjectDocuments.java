package io.forebay.s3.xml;

import io.forebay.engine.ObjectInfo;
import io.forebay.s3.checksum.ChecksumAlgorithm;
import io.forebay.s3.op.EntityTags;
import io.forebay.s3.op.ObjectAttribute;
import io.forebay.s3.op.S3Exception;
import io.forebay.s3.op.Timestamps;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Answers about single objects. */
public final class ObjectDocuments {
  /**
   * What became of one key of DeleteObjects.
   *
   * @param versionId as the client gave it
   * @param marker whether a delete marker was made or destroyed
   * @param markerId that marker's version
   * @param failure empty: the object is gone
   */
  public record Deletion(
      String key,
      Optional<String> versionId,
      boolean marker,
      Optional<String> markerId,
      Optional<S3Exception> failure) {}

  private ObjectDocuments() {}

  /** CopyObject. */
  public static byte[] copy(ObjectInfo info) {
    XmlWriter xml =
        XmlWriter.answer("CopyObjectResult")
            .element("LastModified", Timestamps.iso(info.lastModifiedNanos()))
            .element("ETag", EntityTags.quoted(info.etag()));
    Checksums.write(xml, info.properties().checksums());
    return xml.finish();
  }

  /** GetObjectTagging. */
  public static byte[] tagging(Map<String, String> tags) {
    XmlWriter xml = XmlWriter.answer("Tagging").open("TagSet");
    tags.forEach(
        (key, value) -> xml.open("Tag").element("Key", key).element("Value", value).close());
    return xml.close().finish();
  }

  /**
   * DeleteObjects.
   *
   * @param quiet whether successes are left out
   */
  public static byte[] deletions(List<Deletion> deletions, boolean quiet) {
    XmlWriter xml = XmlWriter.answer("DeleteResult");
    for (Deletion each : deletions) {
      if (each.failure().isPresent()) {
        S3Exception failure = each.failure().get();
        xml.open("Error").element("Key", each.key());
        each.versionId().ifPresent(id -> xml.element("VersionId", id));
        xml.element("Code", failure.error().code()).element("Message", failure.message()).close();
      } else if (!quiet) {
        xml.open("Deleted").element("Key", each.key());
        each.versionId().ifPresent(id -> xml.element("VersionId", id));
        if (each.marker()) {
          xml.element("DeleteMarker", true);
          each.markerId().ifPresent(id -> xml.element("DeleteMarkerVersionId", id));
        }
        xml.close();
      }
    }
    return xml.finish();
  }

  /**
   * GetObjectAttributes.
   *
   * @param parts of an object that was put in parts
   */
  public static byte[] attributes(ObjectInfo info, Set<ObjectAttribute> asked, OptionalInt parts) {
    XmlWriter xml = XmlWriter.answer("GetObjectAttributesResponse");
    if (asked.contains(ObjectAttribute.ETAG)) {
      xml.element("ETag", info.etag());
    }
    if (asked.contains(ObjectAttribute.CHECKSUM)
        && !ChecksumAlgorithm.among(info.properties().checksums()).isEmpty()) {
      xml.open("Checksum");
      Checksums.write(xml, info.properties().checksums());
      xml.close();
    }
    if (asked.contains(ObjectAttribute.OBJECT_PARTS) && parts.isPresent()) {
      xml.open("ObjectParts").element("PartsCount", parts.getAsInt()).close();
    }
    if (asked.contains(ObjectAttribute.STORAGE_CLASS)) {
      xml.element("StorageClass", "STANDARD");
    }
    if (asked.contains(ObjectAttribute.OBJECT_SIZE)) {
      xml.element("ObjectSize", info.size());
    }
    return xml.finish();
  }
}
