package io.forebay.engine.shipping;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys of the log's objects and the snapshots', in an order that listings give. */
final class LogKeys {
  static final String LOGS = "log/";
  static final String SNAPSHOTS = "snapshots/";
  private static final String MANIFEST = "manifest";
  private static final String HEX = "([0-9a-f]{16})";
  private static final Pattern LOG = Pattern.compile(LOGS + HEX + "/" + HEX + "-" + HEX);
  private static final Pattern SNAPSHOT =
      Pattern.compile(SNAPSHOTS + HEX + "/" + HEX + "-" + HEX + "/([0-9a-f]{8}|manifest)");

  private LogKeys() {}

  /**
   * What a key says.
   *
   * @param generation of the log: one chain of changes from one beginning
   * @param sequence of the object in its generation, from 1 on; of a snapshot, of the last object
   *     that it contains
   * @param epoch of the gateway that wrote it
   */
  record Place(long generation, long sequence, long epoch) {}

  static String log(Place place) {
    return log(place.generation(), place.sequence()) + "-" + hex(place.epoch());
  }

  /** What the keys of a sequence number begin with. */
  static String log(long generation, long sequence) {
    return logs(generation) + hex(sequence);
  }

  static String logs(long generation) {
    return LOGS + hex(generation) + "/";
  }

  static String snapshots(long generation) {
    return SNAPSHOTS + hex(generation) + "/";
  }

  /** A listing after this key begins with the next generation. */
  static String afterAll(String folder, long generation) {
    return folder + hex(generation) + "0";
  }

  static String snapshot(Place place) {
    return snapshots(place.generation()) + hex(place.sequence()) + "-" + hex(place.epoch()) + "/";
  }

  static String piece(Place place, int piece) {
    return snapshot(place) + "%08x".formatted(piece);
  }

  static String manifest(Place place) {
    return snapshot(place) + MANIFEST;
  }

  static boolean isManifest(String key) {
    return key.endsWith("/" + MANIFEST);
  }

  /** Empty for a key that is none of the log's. */
  static Optional<Place> parseLog(String key) {
    return place(LOG.matcher(key));
  }

  /** Of a snapshot's piece or manifest. */
  static Optional<Place> parseSnapshot(String key) {
    return place(SNAPSHOT.matcher(key));
  }

  private static Optional<Place> place(Matcher key) {
    return key.matches()
        ? Optional.of(new Place(number(key, 1), number(key, 2), number(key, 3)))
        : Optional.empty();
  }

  private static long number(Matcher key, int group) {
    return Long.parseUnsignedLong(key.group(group), 16);
  }

  private static String hex(long number) {
    return "%016x".formatted(number);
  }
}
