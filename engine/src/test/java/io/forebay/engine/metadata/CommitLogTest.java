package io.forebay.engine.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What counts as committed for those who take the log elsewhere. */
class CommitLogTest {
  private static final int PAGES = 1 << 20;

  @TempDir Path directory;
  private MetadataFixture fixture;
  private CommitLog commits;

  @BeforeEach
  void open() {
    fixture = new MetadataFixture(directory);
    fixture.newFile();
    commits = fixture.store.commits();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  /** As a transaction leaves them whose last fsync failed: whole, the end of a commit included. */
  private void appendFrames() throws Exception {
    try (Connection other =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve(MetadataStore.FILE));
        Statement statement = other.createStatement()) {
      statement.execute("PRAGMA wal_autocheckpoint = 0");
      statement.execute("UPDATE volume SET created_ns = created_ns + 1");
    }
  }

  @Test
  void whatAFailedCommitLeavesInTheLogDoesNotCount() throws Exception {
    CommitLog.Tail before = commits.tail();
    LogPlace end = commits.read(LogPlace.BEGINNING, before, PAGES).orElseThrow().run().to();
    commits.begin();
    appendFrames();
    commits.end(false);
    assertThat(commits.bytes()).as("frames were left").isGreaterThan(before.bytes());
    CommitLog.Tail after = commits.tail();
    assertThat(commits.read(end, after, PAGES)).isEmpty();
    assertThat(after.position()).as("nobody waits for it for ever").isEqualTo(commits.position());
  }

  @Test
  void whatACommitLeavesInTheLogCounts() throws Exception {
    LogPlace end = commits.read(LogPlace.BEGINNING, commits.tail(), PAGES).orElseThrow().run().to();
    commits.begin();
    appendFrames();
    commits.end(true);
    assertThat(commits.read(end, commits.tail(), PAGES)).isPresent();
  }
}
