package io.forebay.engine;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What S3 keeps with an object beside its bytes.
 *
 * @param headers the stored system headers by lower-case name: {@code content-type}, {@code
 *     cache-control}, {@code content-disposition}, {@code content-encoding}, {@code
 *     content-language}, {@code expires}; absent ones were not given
 * @param userMetadata {@code x-amz-meta-} headers without the prefix, names in lower case; 2 KiB in
 *     all, as S3 counts
 * @param checksums by S3's name in lower case ({@code crc32}, {@code crc32c}, {@code crc64nvme},
 *     {@code sha1}, {@code sha256}), values as S3 writes them (base64, {@code -N} for composite
 *     ones), and what else a frontend keeps of the content under names of its own ({@code parts});
 *     valid as long as the content is
 * @param tags at most 10
 */
public record ObjectProperties(
    SortedMap<String, String> headers,
    SortedMap<String, String> userMetadata,
    SortedMap<String, String> checksums,
    SortedMap<String, String> tags) {

  public static final ObjectProperties NONE =
      new ObjectProperties(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

  public ObjectProperties {
    headers = copy(headers);
    userMetadata = copy(userMetadata);
    checksums = copy(checksums);
    tags = copy(tags);
  }

  private static SortedMap<String, String> copy(Map<String, String> map) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(map));
  }

  public ObjectProperties withTags(Map<String, String> newTags) {
    return new ObjectProperties(headers, userMetadata, checksums, copy(newTags));
  }

  public ObjectProperties withChecksums(Map<String, String> newChecksums) {
    return new ObjectProperties(headers, userMetadata, copy(newChecksums), tags);
  }
}
