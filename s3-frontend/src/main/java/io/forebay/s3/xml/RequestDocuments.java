package io.forebay.s3.xml;

import io.forebay.engine.CompletedPart;
import io.forebay.engine.ObjectView;
import io.forebay.engine.Versioning;
import io.forebay.s3.checksum.ChecksumAlgorithm;
import io.forebay.s3.op.EntityTags;
import io.forebay.s3.op.S3Error;
import io.forebay.s3.op.S3Exception;
import io.forebay.s3.op.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The documents that requests carry. Whatever is not in S3's schema is refused, since it could be a
 * condition; {@link S3Error#MALFORMED_XML} unless a method says otherwise.
 */
public final class RequestDocuments {
  /** The most keys of one DeleteObjects. */
  public static final int MAX_DELETIONS = 1000;

  /**
   * One key of DeleteObjects.
   *
   * @param key as it came, not checked
   * @param unsupported the name of a condition that is not offered here
   */
  public record Victim(
      String key,
      Optional<String> versionId,
      Optional<String> etag,
      Optional<String> unsupported) {}

  /** DeleteObjects. */
  public record Deletions(List<Victim> victims, boolean quiet) {}

  private RequestDocuments() {}

  /** The region a bucket is to be created in; empty: not said. */
  public static Optional<String> location(byte[] document) {
    if (document.length == 0) {
      return Optional.empty();
    }
    XmlReader xml = XmlReader.open(document, "CreateBucketConfiguration");
    Optional<String> location = Optional.empty();
    for (String name = xml.nextElement(); name != null; name = xml.nextElement()) {
      if (!name.equals("LocationConstraint")) {
        throw new S3Exception(
            S3Error.NOT_IMPLEMENTED, "A bucket cannot be created with " + name + " here.");
      }
      location = Optional.of(xml.text().strip()).filter(text -> !text.isEmpty());
    }
    xml.finish();
    return location;
  }

  public static Deletions deletions(byte[] document) {
    XmlReader xml = XmlReader.open(document, "Delete");
    List<Victim> victims = new ArrayList<>();
    boolean quiet = false;
    for (String name = xml.nextElement(); name != null; name = xml.nextElement()) {
      switch (name) {
        case "Quiet" -> quiet = truth(xml.text());
        case "Object" -> victims.add(victim(xml));
        default -> throw malformed();
      }
      if (victims.size() > MAX_DELETIONS) {
        throw malformed();
      }
    }
    xml.finish();
    if (victims.isEmpty()) {
      throw malformed();
    }
    return new Deletions(victims, quiet);
  }

  private static Victim victim(XmlReader xml) {
    Optional<String> key = Optional.empty();
    Optional<String> versionId = Optional.empty();
    Optional<String> etag = Optional.empty();
    Optional<String> unsupported = Optional.empty();
    for (String name = xml.nextElement(); name != null; name = xml.nextElement()) {
      String text = xml.text();
      switch (name) {
        case "Key" -> key = Optional.of(text);
        case "VersionId" -> versionId = Optional.of(text);
        case "ETag" -> etag = Optional.of(EntityTags.bare(text));
        case "LastModifiedTime", "Size" -> unsupported = Optional.of(name);
        default -> throw malformed();
      }
    }
    return new Victim(key.orElseThrow(RequestDocuments::malformed), versionId, etag, unsupported);
  }

  /**
   * What PutBucketVersioning asks for.
   *
   * @throws S3Exception {@link S3Error#NOT_IMPLEMENTED} for MFA delete
   */
  public static Versioning versioning(byte[] document) {
    XmlReader xml = XmlReader.open(document, "VersioningConfiguration");
    Optional<Versioning> status = Optional.empty();
    for (String name = xml.nextElement(); name != null; name = xml.nextElement()) {
      String text = xml.text().strip();
      switch (name) {
        case "Status" ->
            status =
                Optional.of(
                    switch (text) {
                      case "Enabled" -> Versioning.ENABLED;
                      case "Suspended" -> Versioning.SUSPENDED;
                      default -> throw malformed();
                    });
        case "MfaDelete" -> {
          if (!text.equals("Disabled")) {
            throw new S3Exception(S3Error.NOT_IMPLEMENTED, "MFA delete is not offered here.");
          }
        }
        default -> throw malformed();
      }
    }
    xml.finish();
    return status.orElseThrow(() ->
        new S3Exception(
            S3Error.ILLEGAL_VERSIONING_CONFIGURATION, "The Versioning element must be specified"));
  }

  /** The tags of PutObjectTagging; also {@link S3Error#INVALID_TAG}. */
  public static SortedMap<String, String> tagging(byte[] document) {
    return tagging(document, new Tags());
  }

  /** The tags of PutBucketTagging, of which there may be more. */
  public static SortedMap<String, String> bucketTagging(byte[] document) {
    return tagging(document, Tags.ofBucket());
  }

  private static SortedMap<String, String> tagging(byte[] document, Tags tags) {
    XmlReader xml = XmlReader.open(document, "Tagging");
    require("TagSet".equals(xml.nextElement()));
    for (String name = xml.nextElement(); name != null; name = xml.nextElement()) {
      require(name.equals("Tag"));
      Map<String, String> pair = new TreeMap<>();
      for (String each = xml.nextElement(); each != null; each = xml.nextElement()) {
        require(each.equals("Key") || each.equals("Value"));
        require(pair.putIfAbsent(each, xml.text()) == null);
      }
      require(pair.size() == 2);
      tags.add(pair.getOrDefault("Key", ""), pair.getOrDefault("Value", ""));
    }
    require(xml.nextElement() == null);
    xml.finish();
    return tags.toMap();
  }

  /** The parts of CompleteMultipartUpload, in the client's order. */
  public static List<CompletedPart> parts(byte[] document) {
    XmlReader xml = XmlReader.open(document, "CompleteMultipartUpload");
    List<CompletedPart> parts = new ArrayList<>();
    for (String name = xml.nextElement(); name != null; name = xml.nextElement()) {
      require(name.equals("Part"));
      parts.add(part(xml));
      require(parts.size() <= ObjectView.MAX_PARTS);
    }
    xml.finish();
    require(!parts.isEmpty());
    return parts;
  }

  private static CompletedPart part(XmlReader xml) {
    int number = 0;
    Optional<String> etag = Optional.empty();
    SortedMap<String, String> checksums = new TreeMap<>();
    for (String name = xml.nextElement(); name != null; name = xml.nextElement()) {
      String text = xml.text().strip();
      switch (name) {
        case "PartNumber" -> number = partNumber(text);
        case "ETag" -> etag = Optional.of(EntityTags.bare(text));
        default -> {
          require(name.startsWith("Checksum"));
          ChecksumAlgorithm algorithm =
              ChecksumAlgorithm.named(name.substring("Checksum".length()))
                  .orElseThrow(RequestDocuments::malformed);
          checksums.put(algorithm.key(), text);
        }
      }
    }
    require(number != 0);
    return new CompletedPart(number, etag.orElseThrow(RequestDocuments::malformed), checksums);
  }

  private static int partNumber(String text) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 1 && number <= ObjectView.MAX_PARTS) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw malformed();
    }
    throw S3Exception.invalidArgument("PartNumber must be >= 1 and <= 10000", "PartNumber", text);
  }

  private static boolean truth(String text) {
    return switch (text.strip()) {
      case "true", "1" -> true;
      case "false", "0", "" -> false;
      default -> throw malformed();
    };
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw malformed();
    }
  }

  private static S3Exception malformed() {
    return new S3Exception(S3Error.MALFORMED_XML);
  }
}
