package io.forebay.engine.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.AccessKey;
import io.forebay.engine.Caller;
import io.forebay.engine.EngineException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets of access keys on the disk. */
class SealedSecretsTest {
  private static final AccessKey ALICE =
      new AccessKey(
          "ALICEKEY", "alices-very-own-secret", new Caller(7, 8, Set.of(9)), "laptop", 5, true);

  @TempDir Path directory;
  private final Random random = new Random(1);
  private MetadataStore store;

  @BeforeEach
  void open() {
    store =
        MetadataStore.open(
            directory.resolve("metadata"),
            10_000,
            TimeSource.system(),
            random,
            new SimpleMeterRegistry());
  }

  @AfterEach
  void close() {
    store.close();
  }

  private MasterKey master(String name) {
    return MasterKey.open(directory.resolve(name), random);
  }

  @Test
  void aKeyIsTheSameAfterARestart() {
    new StoredIdentity(store, master("master.key")).putAccessKey(ALICE);
    close();
    open();
    StoredIdentity again = new StoredIdentity(store, master("master.key"));
    assertThat(again.accessKey("ALICEKEY")).contains(ALICE);
    assertThat(again.accessKeys()).containsExactly(ALICE);
  }

  @Test
  void noFileOfTheMetadataHoldsTheSecret() throws IOException {
    new StoredIdentity(store, master("master.key")).putAccessKey(ALICE);
    assertThat(metadataFiles()).contains("ALICEKEY").doesNotContain("alices-very-own-secret");
  }

  private String metadataFiles() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(directory.resolve("metadata"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    return all.toString();
  }

  @Test
  void aSecretOfAnEarlierVersionIsSealedAtTheStart() {
    store.write(transaction -> {
      transaction.accessKeys().put(new AccessKeys.Row(ALICE, ""));
      return 1;
    });
    MasterKey master = master("master.key");
    StoredIdentity identity = new StoredIdentity(store, master);
    assertThat(identity.accessKey("ALICEKEY")).contains(ALICE);
    AccessKeys.Row row =
        store.read(snapshot -> snapshot.accessKeys().find("ALICEKEY")).orElseThrow();
    assertThat(row.sealedBy()).isEqualTo(master.id());
    assertThat(row.key().secret()).doesNotContain("alices");
  }

  @Test
  void whatWasSealedAtTheStartLeavesNoTraceInTheDatabase() throws IOException, SQLException {
    store.write(transaction -> {
      for (int i = 0; i < 60; i++) {
        AccessKey key =
            new AccessKey("KEY" + i, ALICE.secret() + "-" + i, ALICE.owner(), "", 5, true);
        transaction.accessKeys().put(new AccessKeys.Row(key, ""));
      }
      return 1;
    });
    beginTheLogAnew();
    assertThat(metadataFiles()).contains("alices-very-own-secret");
    StoredIdentity identity = new StoredIdentity(store, master("master.key"));
    assertThat(identity.accessKeys()).hasSize(60);
    beginTheLogAnew();
    assertThat(metadataFiles()).contains("KEY59").doesNotContain("alices-very-own-secret");
  }

  private void beginTheLogAnew() throws SQLException {
    Path database = directory.resolve("metadata").resolve("metadata.sqlite");
    try (Sql sql = MetadataStore.connect(database, new LongAdder(), false)) {
      sql.run("PRAGMA wal_checkpoint(TRUNCATE)");
    }
  }

  @Test
  void withoutItsMasterKeyAKeyAuthenticatesNobodyAndCanBeMadeAnew() {
    new StoredIdentity(store, master("master.key")).putAccessKey(ALICE);
    StoredIdentity other = new StoredIdentity(store, master("another.key"));
    assertThat(other.accessKey("ALICEKEY")).isEmpty();
    assertThat(other.accessKeys()).isEmpty();
    other.putAccessKey(ALICE);
    assertThat(other.accessKey("ALICEKEY")).contains(ALICE);
  }

  @Test
  void aSecretCannotBeMovedToAnotherKey() {
    MasterKey master = master("master.key");
    String sealed = master.seal("access_key/ALICEKEY", "secret");
    assertThat(master.open("access_key/ALICEKEY", sealed)).contains("secret");
    assertThat(master.open("access_key/MALLORY", sealed)).isEmpty();
  }

  @Test
  void aSecretThatWasAlteredOrIsNoneDoesNotOpen() {
    MasterKey master = master("master.key");
    String sealed = master.seal("s", "secret");
    char other = sealed.charAt(20) == 'A' ? 'B' : 'A';
    String altered = sealed.substring(0, 20) + other + sealed.substring(21);
    assertThat(master.open("s", altered)).isEmpty();
    assertThat(master.open("s", "")).isEmpty();
    assertThat(master.open("s", "AAAA")).isEmpty();
    assertThat(master.open("s", "no base64!")).isEmpty();
  }

  @Test
  void oneSecretIsSealedDifferentlyEachTime() {
    MasterKey master = master("master.key");
    assertThat(master.seal("s", "secret")).isNotEqualTo(master.seal("s", "secret"));
  }

  @Test
  void theMasterKeyIsItsOwnersAlone() throws IOException {
    MasterKey made = master("master.key");
    Path file = directory.resolve("master.key");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(master("master.key").id()).isEqualTo(made.id());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(() -> master("master.key"))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("chmod 600");
  }

  @Test
  void whatIsNoKeyIsRefusedAndLeftAlone() throws IOException {
    Path file = directory.resolve("master.key");
    Files.writeString(file, "abc\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThatThrownBy(() -> master("master.key")).isInstanceOf(EngineException.class);
    assertThat(file).hasContent("abc\n");
  }
}
