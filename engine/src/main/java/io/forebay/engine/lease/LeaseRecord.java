package io.forebay.engine.lease;

import io.forebay.engine.object.StoreException;
import io.forebay.engine.object.StoreException.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * What the lease object says (docs/format.md, section "The lease").
 *
 * @param epoch 1 or more; larger than that of every earlier holder
 * @param gateway id of the holder's data directory
 * @param session differs between any two runs of a gateway, so that no two write the same bytes
 * @param renewals of this epoch so far
 * @param host for people
 * @param pid for people
 * @param renewedNanos by the holder's clock; for people
 * @param duration for people
 * @param released the holder has stopped: anybody may take over at once
 */
record LeaseRecord(
    long epoch,
    String gateway,
    String session,
    long renewals,
    String host,
    long pid,
    long renewedNanos,
    Duration duration,
    boolean released) {
  static final String KEY = "lease";
  static final int MAX_BYTES = 4096;
  private static final String TITLE = "forebay lease";

  ByteBuffer encode() {
    String text =
        ("%s\nformat 1\nepoch %d\ngateway %s\nsession %s\nrenewals %d\nhost %s\npid %d\n"
                + "renewed_ns %d\nduration_ms %d\nstate %s\n")
            .formatted(
                TITLE,
                epoch,
                gateway,
                session,
                renewals,
                host,
                pid,
                renewedNanos,
                duration.toMillis(),
                released ? "released" : "held");
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * @throws StoreException {@link Kind#CORRUPT} for anything but a lease of this format: whose it
   *     is cannot be told, so nobody takes it
   */
  static LeaseRecord decode(ByteBuffer bytes) {
    String[] lines = StandardCharsets.UTF_8.decode(bytes.duplicate()).toString().split("\n", -1);
    Map<String, String> fields = new HashMap<>();
    for (int i = 1; i < lines.length; i++) {
      int space = lines[i].indexOf(' ');
      if (space > 0) {
        fields.put(lines[i].substring(0, space), lines[i].substring(space + 1));
      }
    }
    if (!lines[0].equals(TITLE) || !"1".equals(fields.get("format"))) {
      throw new StoreException(Kind.CORRUPT, "the object " + KEY + " is no lease of this format");
    }
    return new LeaseRecord(
        number(fields, "epoch"),
        text(fields, "gateway"),
        text(fields, "session"),
        number(fields, "renewals"),
        text(fields, "host"),
        number(fields, "pid"),
        number(fields, "renewed_ns"),
        Duration.ofMillis(number(fields, "duration_ms")),
        text(fields, "state").equals("released"));
  }

  private static String text(Map<String, String> fields, String name) {
    String value = fields.get(name);
    if (value == null) {
      throw new StoreException(Kind.CORRUPT, "the object " + KEY + " does not say its " + name);
    }
    return value;
  }

  private static long number(Map<String, String> fields, String name) {
    try {
      return Long.parseLong(text(fields, name));
    } catch (NumberFormatException e) {
      throw new StoreException(Kind.CORRUPT, "in the object " + KEY + ", " + name + " is odd", e);
    }
  }

  LeaseRecord renewed(long nowNanos) {
    return new LeaseRecord(
        epoch, gateway, session, renewals + 1, host, pid, nowNanos, duration, false);
  }

  LeaseRecord asReleased(long nowNanos) {
    return new LeaseRecord(
        epoch, gateway, session, renewals + 1, host, pid, nowNanos, duration, true);
  }

  /** Whether the same run of the same gateway wrote both. */
  boolean isOfSameRun(LeaseRecord other) {
    return epoch == other.epoch && session.equals(other.session);
  }

  /** Who, where, until when; for people. */
  String holder() {
    return "gateway %s (host %s, process %d, epoch %d), until %s unless it renews its lease"
        .formatted(
            gateway, host, pid, epoch, Instant.ofEpochSecond(0, renewedNanos).plus(duration));
  }
}
