package io.forebay.s3.op;

import io.forebay.engine.BucketName;
import io.forebay.engine.CopySource;
import io.forebay.engine.ObjectKey;
import io.forebay.engine.VersionId;
import io.forebay.s3.http.Headers;
import io.forebay.s3.http.MalformedRequestException;
import io.forebay.s3.http.PercentEncoding;
import java.util.Optional;

/** The source of a copy: {@code x-amz-copy-source} and its conditions. */
public record CopyOrigin(
    ObjectAddress address, Optional<VersionId> version, ReadPreconditions preconditions) {
  private static final String HEADER = "x-amz-copy-source";
  private static final String VERSION = "?versionId=";

  static CopyOrigin of(Headers headers) {
    String text = headers.first(HEADER).orElse("");
    String path = text.startsWith("/") ? text.substring(1) : text;
    int version = path.lastIndexOf(VERSION);
    Optional<VersionId> wanted = Optional.empty();
    if (version >= 0) {
      wanted = Optional.of(Versions.of(path.substring(version + VERSION.length())));
      path = path.substring(0, version);
    }
    try {
      path = PercentEncoding.decodePath(path);
    } catch (MalformedRequestException e) {
      throw S3Exception.invalidArgument("Copy Source must be URL-encoded", HEADER, text);
    }
    int slash = path.indexOf('/');
    if (slash <= 0 || slash == path.length() - 1) {
      throw S3Exception.invalidArgument(
          "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
          HEADER,
          text);
    }
    return new CopyOrigin(
        new ObjectAddress(
            new BucketName(path.substring(0, slash)), ObjectKey.of(path.substring(slash + 1))),
        wanted,
        ReadPreconditions.of(headers, HEADER + "-"));
  }

  /** For the engine. */
  public CopySource source() {
    return new CopySource(address.bucket(), address.key(), version, preconditions::requireForCopy);
  }
}
