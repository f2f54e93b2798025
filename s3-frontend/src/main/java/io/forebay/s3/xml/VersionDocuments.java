package io.forebay.s3.xml;

import io.forebay.engine.ObjectInfo;
import io.forebay.engine.VersionListing;
import io.forebay.engine.VersionListing.CommonPrefix;
import io.forebay.engine.VersionListing.Item;
import io.forebay.engine.VersionListing.Marker;
import io.forebay.engine.VersionListing.Version;
import io.forebay.s3.op.EntityTags;
import io.forebay.s3.op.S3Request.ListObjectVersions;
import io.forebay.s3.op.S3Request.Listing;
import io.forebay.s3.op.Timestamps;

/** Answers to ListObjectVersions. */
public final class VersionDocuments {
  private VersionDocuments() {}

  public static byte[] of(ListObjectVersions request, VersionListing page) {
    Listing listing = request.listing();
    KeyEncoding encoding = KeyEncoding.of(listing.urlEncoding());
    XmlWriter xml =
        XmlWriter.answer("ListVersionsResult")
            .element("Name", listing.bucket().value())
            .element("Prefix", encoding.encode(listing.prefix()))
            .element("KeyMarker", encoding.encode(request.keyMarker()))
            .element("VersionIdMarker", request.versionMarker().map(id -> id.text()).orElse(""));
    if (page.truncated()) {
      Item last = page.items().getLast();
      xml.element("NextKeyMarker", encoding.encode(last.key()));
      switch (last) {
        case Version version -> xml.element("NextVersionIdMarker", version.info().version().text());
        case Marker marker -> xml.element("NextVersionIdMarker", marker.version().text());
        case CommonPrefix common -> {}
      }
    }
    xml.element("MaxKeys", listing.maxKeys());
    if (!listing.delimiter().isEmpty()) {
      xml.element("Delimiter", encoding.encode(listing.delimiter()));
    }
    if (listing.urlEncoding()) {
      xml.element("EncodingType", "url");
    }
    xml.element("IsTruncated", page.truncated());
    page.items().forEach(item -> write(xml, encoding, item));
    return xml.finish();
  }

  private static void write(XmlWriter xml, KeyEncoding encoding, Item item) {
    switch (item) {
      case Version(ObjectInfo info, boolean latest) -> {
        xml.open("Version")
            .element("Key", encoding.encode(info.key().value()))
            .element("VersionId", info.version().text())
            .element("IsLatest", latest)
            .element("LastModified", Timestamps.iso(info.lastModifiedNanos()))
            .element("ETag", EntityTags.quoted(info.etag()))
            .element("Size", info.size());
        Owner.of(info.owner()).write(xml, "Owner");
        xml.element("StorageClass", "STANDARD").close();
      }
      case Marker marker -> {
        xml.open("DeleteMarker")
            .element("Key", encoding.encode(marker.key()))
            .element("VersionId", marker.version().text())
            .element("IsLatest", marker.latest())
            .element("LastModified", Timestamps.iso(marker.lastModifiedNanos()));
        Owner.of(marker.owner()).write(xml, "Owner");
        xml.close();
      }
      case CommonPrefix(String prefix) ->
          xml.open("CommonPrefixes").element("Prefix", encoding.encode(prefix)).close();
    }
  }
}
