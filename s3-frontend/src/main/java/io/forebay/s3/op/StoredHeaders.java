package io.forebay.s3.op;

import io.forebay.engine.ObjectProperties;
import io.forebay.s3.http.Headers;
import io.forebay.s3.http.Headers.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** The headers of a request that stay with an object. */
public final class StoredHeaders {
  /** What an object is that nobody said anything about. */
  public static final String DEFAULT_CONTENT_TYPE = "binary/octet-stream";

  private static final String METADATA = "x-amz-meta-";

  /** Bytes of all names without their prefix and all values together. */
  private static final int MAX_METADATA_BYTES = 2048;

  /** Bytes of all system headers together: the bound of S3 for the whole head. */
  private static final int MAX_SYSTEM_BYTES = 8192;

  private static final List<String> SYSTEM =
      List.of(
          "cache-control",
          "content-disposition",
          "content-encoding",
          "content-language",
          "content-type",
          "expires");

  private StoredHeaders() {}

  /**
   * Takes them, without checksums.
   *
   * @throws S3Exception {@link S3Error#METADATA_TOO_LARGE}, {@link S3Error#INVALID_TAG}
   */
  static ObjectProperties of(Headers headers) {
    return new ObjectProperties(system(headers), metadata(headers), new TreeMap<>(), tags(headers));
  }

  static SortedMap<String, String> tags(Headers headers) {
    return headers.first("x-amz-tagging").map(Tags::ofHeader).orElseGet(TreeMap::new);
  }

  private static SortedMap<String, String> system(Headers headers) {
    SortedMap<String, String> system = new TreeMap<>();
    int bytes = 0;
    for (String name : SYSTEM) {
      String value = String.join(",", headers.all(name));
      if (name.equals("content-encoding")) {
        value = withoutChunking(value);
      }
      if (!value.isEmpty()) {
        system.put(name, value);
        bytes += value.getBytes(StandardCharsets.UTF_8).length;
      }
    }
    if (bytes > MAX_SYSTEM_BYTES) {
      throw new S3Exception(S3Error.REQUEST_HEADER_SECTION_TOO_LARGE);
    }
    return system;
  }

  /** How the body travelled is not how the object is encoded. */
  private static String withoutChunking(String value) {
    List<String> codings = new ArrayList<>();
    for (String each : value.split(",")) {
      String coding = each.strip();
      if (!coding.isEmpty() && !coding.equalsIgnoreCase("aws-chunked")) {
        codings.add(coding);
      }
    }
    return String.join(",", codings);
  }

  private static SortedMap<String, String> metadata(Headers headers) {
    SortedMap<String, String> metadata = new TreeMap<>();
    for (Field field : headers.fields()) {
      String name = field.name().toLowerCase(Locale.ROOT);
      if (name.startsWith(METADATA) && name.length() > METADATA.length()) {
        metadata.merge(
            name.substring(METADATA.length()), field.value(), (first, next) -> first + "," + next);
      }
    }
    int bytes = 0;
    for (var each : metadata.entrySet()) {
      bytes += each.getKey().getBytes(StandardCharsets.UTF_8).length;
      bytes += each.getValue().getBytes(StandardCharsets.UTF_8).length;
    }
    if (bytes > MAX_METADATA_BYTES) {
      throw new S3Exception(S3Error.METADATA_TOO_LARGE)
          .with("Size", Integer.toString(bytes))
          .with("MaxSizeAllowed", Integer.toString(MAX_METADATA_BYTES));
    }
    return metadata;
  }
}
