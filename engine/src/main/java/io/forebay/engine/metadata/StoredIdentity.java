package io.forebay.engine.metadata;

import io.forebay.engine.AccessKey;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.Identity;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Access keys on the metadata store, their secrets sealed. A key whose secret another master key
 * sealed is not there for anybody, until it is put anew.
 */
public final class StoredIdentity implements Identity {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{3,128}");
  private static final Pattern SECRET = Pattern.compile("[\\x21-\\x7e]{8,128}");
  private static final int CACHED = 10_000;
  private static final Logger log = LoggerFactory.getLogger(StoredIdentity.class);

  private final MetadataStore store;
  private final MasterKey master;
  private final CommittedCache<String, AccessKey> cache = new CommittedCache<>(CACHED);

  /** Also seals what an earlier version stored in plain text; durable on return. */
  public StoredIdentity(MetadataStore store, MasterKey master) {
    this.store = store;
    this.master = master;
    List<AccessKeys.Row> rows = store.read(snapshot -> snapshot.accessKeys().list());
    if (rows.stream().anyMatch(row -> row.sealedBy().isEmpty())) {
      store.write(transaction -> {
        // SQLite would leave the old text in the free space of its page, which is shipped.
        transaction.sql().run("PRAGMA secure_delete = 1");
        transaction.accessKeys().list().stream()
            .filter(row -> row.sealedBy().isEmpty())
            .forEach(row -> transaction.accessKeys().put(sealed(row.key())));
        transaction.sql().run("PRAGMA secure_delete = 0");
        return rows.size();
      });
      log.info("sealed the secrets of access keys, which were stored in plain text");
    }
    long lost = rows.stream().filter(this::isLost).count();
    if (lost > 0) {
      log.warn(
          "{} access keys are of no use: another master key than {} sealed their secrets, or they"
              + " were altered. Bring that master key back, or make the keys anew.",
          lost,
          master.id());
    }
  }

  private boolean isLost(AccessKeys.Row row) {
    return !row.sealedBy().isEmpty() && opened(row).isEmpty();
  }

  private AccessKeys.Row sealed(AccessKey key) {
    return new AccessKeys.Row(
        withSecret(key, master.seal(subject(key.id()), key.secret())), master.id());
  }

  private Optional<AccessKey> opened(AccessKeys.Row row) {
    return row.sealedBy().equals(master.id())
        ? master
            .open(subject(row.key().id()), row.key().secret())
            .map(secret -> withSecret(row.key(), secret))
        : Optional.empty();
  }

  private static String subject(String id) {
    return "access_key/" + id;
  }

  private static AccessKey withSecret(AccessKey key, String secret) {
    return new AccessKey(
        key.id(), secret, key.owner(), key.label(), key.createdNanos(), key.enabled());
  }

  @Override
  public Optional<AccessKey> accessKey(String id) {
    if (!ID.matcher(id).matches()) {
      return Optional.empty();
    }
    return cache.get(
        id, key -> store.read(snapshot -> snapshot.accessKeys().find(key)).flatMap(this::opened));
  }

  @Override
  public void putAccessKey(AccessKey key) {
    if (!ID.matcher(key.id()).matches() || !SECRET.matcher(key.secret()).matches()) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT,
          "an access key id has 3 to 128 of A-Z a-z 0-9 _ -, a secret key 8 to 128 printable"
              + " characters");
    }
    store.write(transaction -> {
      transaction.accessKeys().put(sealed(key));
      transaction.onCommit(() -> cache.publish(key.id(), Optional.of(key)));
      return key;
    });
  }

  @Override
  public void removeAccessKey(String id) {
    store.write(transaction -> {
      transaction.accessKeys().delete(id);
      transaction.onCommit(() -> cache.publish(id, Optional.empty()));
      return id;
    });
  }

  @Override
  public List<AccessKey> accessKeys() {
    return store.read(snapshot -> snapshot.accessKeys().list()).stream()
        .flatMap(row -> opened(row).stream())
        .toList();
  }
}
