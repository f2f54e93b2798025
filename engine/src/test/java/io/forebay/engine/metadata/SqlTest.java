package io.forebay.engine.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a statement that failed leaves behind. */
class SqlTest {
  private static final String INSERT = "INSERT INTO t (id, b) VALUES (?, ?)";
  private static final byte[] BLOB = new byte[100_000];

  @TempDir Path directory;
  private Sql sql;

  @BeforeEach
  void open() throws Exception {
    sql =
        new Sql(
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("t.sqlite")),
            new LongAdder());
    sql.run("CREATE TABLE t (id INTEGER PRIMARY KEY, b BLOB)");
  }

  @AfterEach
  void close() throws Exception {
    sql.close();
  }

  @Test
  void afterAFullDiskTheSameStatementsWorkAgain() {
    allowPages(20);
    sql.run("BEGIN IMMEDIATE");
    assertThatThrownBy(() -> sql.update(INSERT, 1, BLOB))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_SPACE));
    sql.rollBack();
    allowPages(1000);
    sql.run("BEGIN IMMEDIATE");
    assertThat(sql.update(INSERT, 1, BLOB)).isEqualTo(1);
    sql.run("COMMIT");
    assertThat(sql.find("SELECT id FROM t", row -> row.getInt(1))).contains(1);
  }

  @Test
  void afterAViolationTheSameStatementWorksAgain() {
    sql.update(INSERT, 1, BLOB);
    assertThatThrownBy(() -> sql.update(INSERT, 1, BLOB)).isInstanceOf(EngineException.class);
    assertThat(sql.update(INSERT, 2, BLOB)).isEqualTo(1);
  }

  @Test
  void aStatementThatFailsAsAWholeWorksAgain() {
    assertThatThrownBy(() -> sql.run("COMMIT")).isInstanceOf(EngineException.class);
    sql.run("BEGIN IMMEDIATE");
    sql.run("COMMIT");
  }

  private void allowPages(int pages) {
    assertThat(sql.find("PRAGMA max_page_count = " + pages, row -> row.getInt(1))).isPresent();
  }
}
