package io.forebay.s3.xml;

import io.forebay.engine.BucketInfo;
import io.forebay.engine.Versioning;
import io.forebay.s3.op.ContinuationToken;
import io.forebay.s3.op.S3Request.ListBuckets;
import io.forebay.s3.op.Timestamps;
import java.util.List;

/** Answers about buckets and access. */
public final class BucketDocuments {
  private static final String XSI =
      " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"CanonicalUser\"";

  private BucketDocuments() {}

  /**
   * ListBuckets.
   *
   * @param region of each; told where the client asks for pages, as S3 does
   * @param truncated whether more follow the last one
   */
  public static byte[] list(
      ListBuckets request,
      List<BucketInfo> buckets,
      boolean truncated,
      Owner owner,
      String region) {
    XmlWriter xml = XmlWriter.answer("ListAllMyBucketsResult");
    owner.write(xml, "Owner");
    xml.open("Buckets");
    for (BucketInfo bucket : buckets) {
      xml.open("Bucket")
          .element("Name", bucket.name().value())
          .element("CreationDate", Timestamps.iso(bucket.attributes().birthNanos()));
      if (request.max().isPresent()) {
        xml.element("BucketRegion", region);
      }
      xml.close();
    }
    xml.close();
    if (truncated) {
      xml.element("ContinuationToken", ContinuationToken.after(buckets.getLast().name().value()));
    }
    if (!request.prefix().isEmpty()) {
      xml.element("Prefix", request.prefix());
    }
    return xml.finish();
  }

  /** GetBucketLocation; {@code us-east-1} is written as nothing. */
  public static byte[] location(String region) {
    XmlWriter xml = XmlWriter.answer("LocationConstraint");
    return region.equals("us-east-1") ? xml.finish() : xml.text(region).finish();
  }

  /** GetBucketVersioning; nothing for a bucket that never had it. */
  public static byte[] versioning(Versioning versioning) {
    XmlWriter xml = XmlWriter.answer("VersioningConfiguration");
    switch (versioning) {
      case OFF -> {}
      case ENABLED -> xml.element("Status", "Enabled");
      case SUSPENDED -> xml.element("Status", "Suspended");
    }
    return xml.finish();
  }

  /** GetBucketAcl, GetObjectAcl: the owner has every right, and nobody else has any. */
  public static byte[] acl(Owner owner) {
    XmlWriter xml = XmlWriter.answer("AccessControlPolicy");
    owner.write(xml, "Owner");
    xml.open("AccessControlList").open("Grant");
    xml.open("Grantee", XSI)
        .element("ID", owner.id())
        .element("DisplayName", owner.displayName())
        .close();
    return xml.element("Permission", "FULL_CONTROL").close().close().finish();
  }
}
