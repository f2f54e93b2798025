package io.forebay.s3;

import java.time.Duration;

/**
 * Bounds of everything a client can make grow or last.
 *
 * @param maxConnections TCP connections at once; more are closed at once
 * @param maxInFlight requests being worked on at once; more wait a little, and are answered 503
 *     SlowDown when that does not help
 * @param maxPipelined requests of one connection that arrive before the current one is answered;
 *     one read of the socket may bring many, then it is not read; more end the connection
 * @param maxLineBytes the longest request line
 * @param maxHeadBytes all header fields together
 * @param maxFields header fields of a request
 * @param maxDocumentBytes the longest XML document a request may carry
 * @param bodyBufferBytes body bytes received but not yet taken, per connection; at the bound the
 *     connection is not read (one read of the socket may go beyond it)
 * @param maxDrainBytes how much of a body nobody wants is read to keep a connection; beyond it the
 *     connection is closed
 * @param idleTimeout how long a connection may be without a request
 * @param headTimeout how long a request line with its header fields may take to arrive
 * @param bodyTimeout how long the next bytes of a body may take to arrive
 * @param writeTimeout how long a client may take none of an answer
 */
public record S3Limits(
    int maxConnections,
    int maxInFlight,
    int maxPipelined,
    int maxLineBytes,
    int maxHeadBytes,
    int maxFields,
    int maxDocumentBytes,
    int bodyBufferBytes,
    int maxDrainBytes,
    Duration idleTimeout,
    Duration headTimeout,
    Duration bodyTimeout,
    Duration writeTimeout) {
  private static final Duration LONGEST = Duration.ofHours(1);

  /** What suits one gateway with a few hundred clients and 512 MiB of heap. */
  public static final S3Limits DEFAULT =
      new S3Limits(
          4096,
          512,
          128,
          16 << 10,
          32 << 10,
          200,
          4 << 20,
          256 << 10,
          256 << 10,
          Duration.ofSeconds(120),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          Duration.ofSeconds(120));

  public S3Limits {
    require(maxConnections >= 1, "maxConnections");
    require(maxInFlight >= 1, "maxInFlight");
    require(maxPipelined >= 1 && maxPipelined <= 1024, "maxPipelined");
    require(maxLineBytes >= 4 << 10 && maxLineBytes <= 1 << 20, "maxLineBytes");
    require(maxHeadBytes >= 8 << 10 && maxHeadBytes <= 1 << 20, "maxHeadBytes");
    require(maxFields >= 32 && maxFields <= 10_000, "maxFields");
    require(maxDocumentBytes >= 1 << 20 && maxDocumentBytes <= 64 << 20, "maxDocumentBytes");
    require(bodyBufferBytes >= 64 << 10 && bodyBufferBytes <= 64 << 20, "bodyBufferBytes");
    require(maxDrainBytes >= 0, "maxDrainBytes");
    require(isSensible(idleTimeout), "idleTimeout");
    require(isSensible(headTimeout), "headTimeout");
    require(isSensible(bodyTimeout), "bodyTimeout");
    require(isSensible(writeTimeout), "writeTimeout");
  }

  private static boolean isSensible(Duration timeout) {
    return timeout.isPositive() && timeout.compareTo(LONGEST) <= 0;
  }

  private static void require(boolean holds, String name) {
    if (!holds) {
      throw new IllegalArgumentException("limit out of range: " + name);
    }
  }
}
