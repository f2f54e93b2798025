package io.forebay.gateway.config;

import io.forebay.nfs.ClientRule;
import io.forebay.nfs.ClientRule.Squash;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Options of clients as exports(5) has them, with its cautious defaults: read-only, root squashed,
 * the anonymous user is 65534.
 *
 * @param isWritable rw, unlike ro
 * @param isRootSquashed root_squash, unlike no_root_squash
 * @param isAllSquashed all_squash, unlike no_all_squash
 */
record ExportOptions(
    boolean isWritable,
    boolean isRootSquashed,
    boolean isAllSquashed,
    int anonymousUid,
    int anonymousGid) {
  private static final int NOBODY = 65534;
  private static final long MAX_ID = 0xffff_fffeL;
  private static final String KNOWN =
      "rw, ro, root_squash, no_root_squash, all_squash, no_all_squash, anonuid=N, anongid=N";

  static final ExportOptions NONE = new ExportOptions(false, true, false, NOBODY, NOBODY);

  /** These options where {@code options} say nothing else. */
  ExportOptions with(List<String> options) {
    ExportOptions result = this;
    Map<String, String> seen = new HashMap<>();
    for (String option : options) {
      if (option.isEmpty()) {
        continue;
      }
      String before = seen.putIfAbsent(topic(option), option);
      if (before != null) {
        throw new IllegalArgumentException(option + " contradicts or repeats " + before);
      }
      result = result.apply(option);
    }
    return result;
  }

  /** What an option is about: of each topic one option at most. */
  private static String topic(String option) {
    if (option.equals("ro")) {
      return "rw";
    }
    String name = option.contains("=") ? option.substring(0, option.indexOf('=')) : option;
    return name.startsWith("no_") ? name.substring("no_".length()) : name;
  }

  private ExportOptions apply(String option) {
    int equals = option.indexOf('=');
    String name = equals < 0 ? option : option.substring(0, equals + 1);
    String value = option.substring(equals + 1);
    return switch (name) {
      case "rw", "ro" -> with(option.equals("rw"), isRootSquashed, isAllSquashed);
      case "root_squash", "no_root_squash" ->
          with(isWritable, option.equals("root_squash"), isAllSquashed);
      case "all_squash", "no_all_squash" ->
          with(isWritable, isRootSquashed, option.equals("all_squash"));
      case "anonuid=" -> withAnonymous(id(option, value), anonymousGid);
      case "anongid=" -> withAnonymous(anonymousUid, id(option, value));
      default ->
          throw new IllegalArgumentException(
              "\"" + option + "\" is no option of a client; there are " + KNOWN);
    };
  }

  private ExportOptions with(boolean writable, boolean rootSquashed, boolean allSquashed) {
    return new ExportOptions(writable, rootSquashed, allSquashed, anonymousUid, anonymousGid);
  }

  private ExportOptions withAnonymous(int uid, int gid) {
    return new ExportOptions(isWritable, isRootSquashed, isAllSquashed, uid, gid);
  }

  /** The last number is no id: system calls read it as "unchanged". */
  private static int id(String option, String value) {
    if (value.matches("[0-9]{1,10}") && Long.parseLong(value) <= MAX_ID) {
      return (int) Long.parseLong(value);
    }
    throw new IllegalArgumentException(option + " is not a number from 0 to " + MAX_ID);
  }

  /** What clients in {@code range} may do. */
  ClientRule rule(String range) {
    Squash squash = isAllSquashed ? Squash.ALL : isRootSquashed ? Squash.ROOT : Squash.NONE;
    try {
      return new ClientRule(range, !isWritable, squash, anonymousUid, anonymousGid);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "\"" + range + "\" is not an address (10.1.2.3), a range (10.0.0.0/8) or *", e);
    }
  }
}
