package io.forebay.engine.object;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * An {@code s3://} URL taken apart.
 *
 * @param bucket its name
 * @param prefix "", or ending in a slash
 * @param endpoint of a server other than AWS
 * @param region empty: by the SDK's default chain, or us-east-1 with an endpoint
 * @param pathStyle bucket in the path instead of in the host name; the default with an endpoint
 */
record S3Location(
    String bucket,
    String prefix,
    Optional<URI> endpoint,
    Optional<String> region,
    boolean pathStyle) {

  static S3Location parse(URI url) {
    String bucket = url.getAuthority();
    if (bucket == null || bucket.isEmpty()) {
      throw bad(url, "names no bucket");
    }
    String path = url.getPath() == null ? "" : url.getPath();
    String trimmed = path.replaceAll("^/+", "").replaceAll("/+$", "");
    Optional<URI> endpoint = Optional.empty();
    Optional<String> region = Optional.empty();
    Optional<Boolean> pathStyle = Optional.empty();
    String query = url.getRawQuery() == null ? "" : url.getRawQuery();
    for (String parameter : query.split("&", -1)) {
      if (parameter.isEmpty()) {
        continue;
      }
      int equals = parameter.indexOf('=');
      String name = equals < 0 ? parameter : parameter.substring(0, equals);
      String value =
          equals < 0
              ? ""
              : URLDecoder.decode(parameter.substring(equals + 1), StandardCharsets.UTF_8);
      switch (name) {
        case "endpoint" -> endpoint = Optional.of(endpoint(url, value));
        case "region" -> region = Optional.of(value);
        case "pathStyle" -> pathStyle = Optional.of(Boolean.parseBoolean(value));
        default -> throw bad(url, "has an unknown parameter " + name);
      }
    }
    return new S3Location(
        bucket,
        trimmed.isEmpty() ? "" : trimmed + "/",
        endpoint,
        region,
        pathStyle.orElse(endpoint.isPresent()));
  }

  private static URI endpoint(URI url, String value) {
    try {
      URI endpoint = URI.create(value);
      if (endpoint.getScheme() != null && endpoint.getHost() != null) {
        return endpoint;
      }
    } catch (IllegalArgumentException e) {
      throw bad(url, "has a malformed endpoint");
    }
    throw bad(url, "has an endpoint that is no http:// or https:// URL");
  }

  private static EngineException bad(URI url, String why) {
    return new EngineException(ErrorCode.INVALID_ARGUMENT, "the bucket URL \"" + url + "\" " + why);
  }

  /** For people; never holds credentials. */
  String describe() {
    return "s3://" + bucket + "/" + prefix + endpoint.map(e -> " at " + e).orElse("");
  }
}
