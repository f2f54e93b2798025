package io.forebay.engine.metadata;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * One connection with its prepared statements. Counts every statement it runs, because costs are
 * asserted. One thread at a time.
 */
final class Sql implements AutoCloseable {
  /** Makes a value of the row a result stands on. */
  interface RowMapper<T> {
    T map(ResultSet row) throws SQLException;
  }

  private static final Logger log = LoggerFactory.getLogger(Sql.class);

  private final Connection connection;
  private final LongAdder statements;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  /** What has ended the transaction under way; until {@link #rollBack} nothing more is done. */
  private @Nullable EngineException broken;

  Sql(Connection connection, LongAdder statements) {
    this.connection = connection;
    this.statements = statements;
  }

  /** Runs a statement that changes rows; returns how many. */
  int update(String sql, @Nullable Object... arguments) {
    try {
      return bound(sql, arguments).executeUpdate();
    } catch (SQLException e) {
      throw failed(sql, e);
    }
  }

  /** Runs a statement without a result that is no change of rows (BEGIN, SAVEPOINT). */
  void run(String sql) {
    try {
      bound(sql).execute();
    } catch (SQLException e) {
      throw failed(sql, e);
    }
  }

  <T> List<T> list(String sql, RowMapper<T> mapper, @Nullable Object... arguments) {
    try (ResultSet rows = bound(sql, arguments).executeQuery()) {
      List<T> all = new ArrayList<>();
      while (rows.next()) {
        all.add(mapper.map(rows));
      }
      return all;
    } catch (SQLException e) {
      throw failed(sql, e);
    }
  }

  <T> Optional<T> find(String sql, RowMapper<T> mapper, @Nullable Object... arguments) {
    try (ResultSet rows = bound(sql, arguments).executeQuery()) {
      return rows.next() ? Optional.of(mapper.map(rows)) : Optional.empty();
    } catch (SQLException e) {
      throw failed(sql, e);
    }
  }

  /** Ends the transaction, if there is one, without its changes. */
  void rollBack() {
    broken = null;
    try {
      run("ROLLBACK");
    } catch (EngineException noTransaction) {
      broken = null;
    }
  }

  /**
   * On these failures SQLite may have rolled the whole transaction back; what followed would be
   * outside of any (sqlite.org/lang_transaction.html, "Response To Errors Within A Transaction").
   */
  private EngineException failed(String sql, SQLException e) {
    EngineException failure = failure(e);
    forget(sql);
    switch (code(e).code & 0xff) {
      // SQLITE_BUSY, NOMEM, INTERRUPT, IOERR, CORRUPT, FULL
      case 5, 7, 9, 10, 11, 13 -> broken = failure;
      default -> {
        // Only the statement was undone.
      }
    }
    return failure;
  }

  /** The driver closes a statement that failed: the next time takes a new one. */
  private void forget(String sql) {
    PreparedStatement failed = prepared.remove(sql);
    if (failed != null) {
      try {
        failed.close();
      } catch (SQLException e) {
        log.debug("closing a failed statement failed: {}", e.toString());
      }
    }
  }

  private PreparedStatement bound(String sql, @Nullable Object... arguments) throws SQLException {
    EngineException earlier = broken;
    if (earlier != null) {
      throw earlier;
    }
    statements.increment();
    PreparedStatement statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      prepared.put(sql, statement);
    }
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case null -> statement.setNull(i + 1, java.sql.Types.NULL);
        case Long number -> statement.setLong(i + 1, number);
        case Integer number -> statement.setInt(i + 1, number);
        case Boolean flag -> statement.setInt(i + 1, flag ? 1 : 0);
        case byte[] bytes -> statement.setBytes(i + 1, bytes);
        case String text -> statement.setString(i + 1, text);
        case Object other ->
            throw new EngineException(
                ErrorCode.INTERNAL, "no column takes a " + other.getClass().getSimpleName());
      }
    }
    return statement;
  }

  /** What a failure of the database means. */
  static EngineException failure(SQLException e) {
    ErrorCode meaning =
        switch (code(e).code & 0xff) {
          case 13 -> ErrorCode.NO_SPACE; // SQLITE_FULL
          case 10, 14 -> ErrorCode.IO; // SQLITE_IOERR, SQLITE_CANTOPEN
          case 11, 26 -> ErrorCode.CORRUPT; // SQLITE_CORRUPT, SQLITE_NOTADB
          default -> ErrorCode.INTERNAL;
        };
    return new EngineException(meaning, "the metadata database failed: " + e.getMessage(), e);
  }

  private static SQLiteErrorCode code(SQLException e) {
    return e instanceof SQLiteException sqlite
        ? sqlite.getResultCode()
        : SQLiteErrorCode.UNKNOWN_ERROR;
  }

  @Override
  public void close() throws SQLException {
    for (PreparedStatement statement : prepared.values()) {
      statement.close();
    }
    connection.close();
  }
}
