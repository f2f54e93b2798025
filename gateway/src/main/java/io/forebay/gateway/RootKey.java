package io.forebay.gateway;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.AccessKey;
import io.forebay.engine.Caller;
import io.forebay.engine.Identity;
import io.forebay.engine.RecordStore;
import io.forebay.gateway.config.RootKeySetting;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The first access key, which acts as uid 0 (docs/decisions/0008). There is at most one: a
 * configured key replaces the one before. Which keys are root keys is kept in records of their own,
 * written before and removed after the key, so that a crash in between leaves none behind.
 *
 * @param key enabled unless somebody disabled it
 * @param isGenerated whether its secret came from here, and may be printed
 */
record RootKey(AccessKey key, boolean isGenerated) {
  private static final String SPACE = "gateway.root-key";
  private static final byte[] GENERATED = "generated".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CONFIGURED = "configured".getBytes(StandardCharsets.US_ASCII);
  private static final int MAX_ROOT_KEYS = 1000;
  private static final String LABEL = "root";
  private static final String ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final String SECRET_ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final int ID_LENGTH = 20;

  /** 238 bits. */
  private static final int SECRET_LENGTH = 40;

  /** Finds or makes the volume's root key; durable on return. */
  static RootKey settle(
      Optional<RootKeySetting> configured,
      Identity identity,
      RecordStore records,
      TimeSource time,
      RandomGenerator random) {
    List<RecordStore.Entry> known = records.list(SPACE, "", MAX_ROOT_KEYS);
    RootKey root =
        configured
            .map(setting -> new RootKey(configuredKey(setting, identity, time), false))
            .or(() -> kept(known, identity, false))
            .or(() -> kept(known, identity, true))
            .orElseGet(() -> new RootKey(generatedKey(time, random), true));
    byte[] kind = root.isGenerated() ? GENERATED : CONFIGURED;
    records.put(SPACE, root.key().id(), kind);
    if (!identity.accessKey(root.key().id()).equals(Optional.of(root.key()))) {
      identity.putAccessKey(root.key());
    }
    for (RecordStore.Entry other : known) {
      if (!other.key().equals(root.key().id())) {
        identity.removeAccessKey(other.key());
        records.remove(SPACE, other.key());
      }
    }
    return root;
  }

  /** A root key of an earlier start. The configured one is younger where a crash left both. */
  private static Optional<RootKey> kept(
      List<RecordStore.Entry> known, Identity identity, boolean isGenerated) {
    byte[] kind = isGenerated ? GENERATED : CONFIGURED;
    return known.stream()
        .filter(entry -> Arrays.equals(entry.value(), kind))
        .flatMap(entry -> identity.accessKey(entry.key()).stream())
        .findFirst()
        .map(key -> new RootKey(key, isGenerated));
  }

  /** The key as it is kept, when it is the configured one; so that a start writes nothing new. */
  private static AccessKey configuredKey(
      RootKeySetting setting, Identity identity, TimeSource time) {
    return identity
        .accessKey(setting.id())
        .filter(key -> key.secret().equals(setting.secret()))
        .filter(key -> key.enabled() && key.owner().equals(Caller.ROOT))
        .orElseGet(() -> key(setting.id(), setting.secret(), time));
  }

  private static AccessKey generatedKey(TimeSource time, RandomGenerator random) {
    return key(
        "FB" + text(ID_LENGTH - 2, ID_ALPHABET, random),
        text(SECRET_LENGTH, SECRET_ALPHABET, random),
        time);
  }

  private static AccessKey key(String id, String secret, TimeSource time) {
    return new AccessKey(id, secret, Caller.ROOT, LABEL, time.epochNanos(), true);
  }

  private static String text(int length, String alphabet, RandomGenerator random) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
