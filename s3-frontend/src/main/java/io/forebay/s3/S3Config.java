package io.forebay.s3;

import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the S3 server serves.
 *
 * @param bind where to listen; port 0 takes any free one
 * @param region the one region it claims to be: 1 to 63 of {@code a-z 0-9 -}
 * @param virtualHostSuffix a domain without port: a request for the host {@code bucket.suffix}
 *     means that bucket. Path style always works
 * @param limits bounds of everything a client can make grow
 */
public record S3Config(
    InetSocketAddress bind, String region, Optional<String> virtualHostSuffix, S3Limits limits) {
  public static final String DEFAULT_REGION = "us-east-1";

  private static final Pattern REGION = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final Pattern DOMAIN =
      Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");

  public S3Config {
    virtualHostSuffix = virtualHostSuffix.map(suffix -> suffix.toLowerCase(Locale.ROOT));
    require(REGION.matcher(region).matches(), "not the name of a region: " + region);
    virtualHostSuffix.ifPresent(
        suffix -> require(DOMAIN.matcher(suffix).matches(), "not a domain: " + suffix));
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
