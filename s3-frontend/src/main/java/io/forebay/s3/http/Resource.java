package io.forebay.s3.http;

import java.util.Locale;
import java.util.Optional;

/**
 * What a request is about, as its path or its host says; decoded, and not checked for legal names.
 *
 * @param bucket empty: the service
 * @param key empty: the bucket itself; whatever follows the bucket's slash, a trailing slash
 *     included
 */
public record Resource(String bucket, String key) {
  /**
   * Reads path style, and virtual-hosted style when the host is {@code bucket.suffix}.
   *
   * @param virtualHostSuffix in lower case, without port
   */
  public static Resource of(RequestHead head, Optional<String> virtualHostSuffix) {
    String path = head.path().substring(1);
    Optional<String> hosted =
        virtualHostSuffix.flatMap(
            suffix -> head.headers().first("host").flatMap(host -> bucketOf(host, suffix)));
    if (hosted.isPresent()) {
      return new Resource(hosted.get(), path);
    }
    int slash = path.indexOf('/');
    return slash < 0
        ? new Resource(path, "")
        : new Resource(path.substring(0, slash), path.substring(slash + 1));
  }

  private static Optional<String> bucketOf(String host, String suffix) {
    int colon = host.lastIndexOf(':');
    String name = (colon < 0 ? host : host.substring(0, colon)).toLowerCase(Locale.ROOT);
    String ending = "." + suffix;
    return name.length() > ending.length() && name.endsWith(ending)
        ? Optional.of(name.substring(0, name.length() - ending.length()))
        : Optional.empty();
  }
}
