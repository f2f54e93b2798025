package io.forebay.s3.xml;

import io.forebay.engine.ObjectInfo;
import io.forebay.engine.ObjectListing.CommonPrefix;
import io.forebay.engine.Page;
import io.forebay.engine.PartInfo;
import io.forebay.engine.UploadInfo;
import io.forebay.s3.checksum.ChecksumAlgorithm;
import io.forebay.s3.op.EntityTags;
import io.forebay.s3.op.S3Request.ListMultipartUploads;
import io.forebay.s3.op.S3Request.ListParts;
import io.forebay.s3.op.S3Request.Listing;
import io.forebay.s3.op.Timestamps;
import io.forebay.s3.op.UploadAddress;
import java.util.List;

/** Answers about uploads in parts. */
public final class UploadDocuments {
  /**
   * A page of uploads.
   *
   * @param uploads in order
   * @param prefixes rolled up, in order
   * @param truncated whether more follow
   * @param nextKey where the next page begins
   * @param nextId the same, among the uploads of that key; "" after a prefix
   */
  public record Uploads(
      List<UploadInfo> uploads,
      List<CommonPrefix> prefixes,
      boolean truncated,
      String nextKey,
      String nextId) {}

  private UploadDocuments() {}

  /** CreateMultipartUpload. */
  public static byte[] created(UploadAddress upload) {
    return XmlWriter.answer("InitiateMultipartUploadResult")
        .element("Bucket", upload.bucket().value())
        .element("Key", upload.key().value())
        .element("UploadId", upload.id().value())
        .finish();
  }

  /** UploadPartCopy. */
  public static byte[] copiedPart(PartInfo part) {
    XmlWriter xml =
        XmlWriter.answer("CopyPartResult")
            .element("LastModified", Timestamps.iso(part.lastModifiedNanos()))
            .element("ETag", EntityTags.quoted(part.etag()));
    Checksums.writeValues(xml, part.checksums());
    return xml.finish();
  }

  /**
   * CompleteMultipartUpload.
   *
   * @param location the object's address
   */
  public static byte[] completed(UploadAddress upload, ObjectInfo info, String location) {
    XmlWriter xml =
        XmlWriter.answer("CompleteMultipartUploadResult")
            .element("Location", location)
            .element("Bucket", upload.bucket().value())
            .element("Key", upload.key().value())
            .element("ETag", EntityTags.quoted(info.etag()));
    Checksums.write(xml, info.properties().checksums());
    return xml.finish();
  }

  /** ListParts. */
  public static byte[] parts(ListParts request, UploadInfo upload, Page<PartInfo> page) {
    KeyEncoding encoding = KeyEncoding.of(request.urlEncoding());
    XmlWriter xml =
        XmlWriter.answer("ListPartsResult")
            .element("Bucket", request.upload().bucket().value())
            .element("Key", encoding.encode(request.upload().key().value()));
    if (request.urlEncoding()) {
      xml.element("EncodingType", "url");
    }
    xml.element("UploadId", request.upload().id().value());
    Owner owner = Owner.of(upload.owner());
    owner.write(xml, "Initiator");
    owner.write(xml, "Owner");
    int next = page.items().isEmpty() ? request.marker() : page.items().getLast().number();
    xml.element("StorageClass", "STANDARD")
        .element("PartNumberMarker", request.marker())
        .element("NextPartNumberMarker", next)
        .element("MaxParts", request.max())
        .element("IsTruncated", page.truncated());
    writeAsked(xml, upload);
    for (PartInfo part : page.items()) {
      xml.open("Part")
          .element("PartNumber", part.number())
          .element("LastModified", Timestamps.iso(part.lastModifiedNanos()))
          .element("ETag", EntityTags.quoted(part.etag()));
      Checksums.writeValues(xml, part.checksums());
      xml.element("Size", part.size()).close();
    }
    return xml.finish();
  }

  /** ListMultipartUploads. */
  public static byte[] uploads(ListMultipartUploads request, Uploads page) {
    Listing listing = request.listing();
    KeyEncoding encoding = KeyEncoding.of(listing.urlEncoding());
    XmlWriter xml =
        XmlWriter.answer("ListMultipartUploadsResult")
            .element("Bucket", listing.bucket().value())
            .element("KeyMarker", encoding.encode(request.keyMarker()))
            .element("UploadIdMarker", request.idMarker().map(id -> id.value()).orElse(""));
    if (page.truncated()) {
      xml.element("NextKeyMarker", encoding.encode(page.nextKey()))
          .element("NextUploadIdMarker", page.nextId());
    }
    xml.element("Prefix", encoding.encode(listing.prefix()));
    if (!listing.delimiter().isEmpty()) {
      xml.element("Delimiter", encoding.encode(listing.delimiter()));
    }
    if (listing.urlEncoding()) {
      xml.element("EncodingType", "url");
    }
    xml.element("MaxUploads", listing.maxKeys()).element("IsTruncated", page.truncated());
    for (UploadInfo upload : page.uploads()) {
      xml.open("Upload")
          .element("Key", encoding.encode(upload.key().value()))
          .element("UploadId", upload.id().value());
      Owner owner = Owner.of(upload.owner());
      owner.write(xml, "Initiator");
      owner.write(xml, "Owner");
      xml.element("StorageClass", "STANDARD")
          .element("Initiated", Timestamps.iso(upload.initiatedNanos()));
      writeAsked(xml, upload);
      xml.close();
    }
    for (CommonPrefix prefix : page.prefixes()) {
      xml.open("CommonPrefixes").element("Prefix", encoding.encode(prefix.key())).close();
    }
    return xml.finish();
  }

  /** The checksum that an upload asked for. */
  private static void writeAsked(XmlWriter xml, UploadInfo upload) {
    ChecksumAlgorithm.among(upload.properties().checksums())
        .forEach((algorithm, type) ->
            xml.element("ChecksumAlgorithm", algorithm.name()).element("ChecksumType", type));
  }
}
