package io.forebay.engine.metadata;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileType;
import io.forebay.engine.InodeId;
import io.forebay.engine.VolumeId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a volume's tables, brings those of earlier versions up to date, and refuses later ones. A
 * version that has been released is never edited again: what comes after is a step of its own.
 */
final class VolumeSchema {
  private static final Logger log = LoggerFactory.getLogger(VolumeSchema.class);

  /** The version this build writes; it brings earlier ones up to it. */
  static final int FORMAT_VERSION = 2;

  private static final int FIRST_VERSION = 1;

  private static final int DEFAULT_SEGMENT_BYTES = 16 << 20;

  private VolumeSchema() {}

  /** Opens the volume of a database, or makes one with an empty root directory. */
  static Volume open(Sql sql, TimeSource time, RandomGenerator random) {
    boolean fresh =
        sql.find("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'volume'", row -> 1)
            .isEmpty();
    if (fresh) {
      sql.run("BEGIN IMMEDIATE");
      create(sql, time, random);
      upgrade(sql, FIRST_VERSION);
      sql.run("COMMIT");
    } else {
      int found = version(sql);
      if (found < FORMAT_VERSION) {
        sql.run("BEGIN IMMEDIATE");
        upgrade(sql, found);
        sql.run("COMMIT");
        log.info("brought the volume from format version {} to {}", found, FORMAT_VERSION);
      }
    }
    return read(sql);
  }

  /** In the caller's transaction: a crash leaves the earlier version as it was. */
  private static void upgrade(Sql sql, int from) {
    for (int version = from + 1; version <= FORMAT_VERSION; version++) {
      statements("schema-" + version + ".sql").forEach(sql::run);
    }
    sql.update("UPDATE volume SET format_version = ?", FORMAT_VERSION);
  }

  private static int version(Sql sql) {
    int found =
        sql.find("SELECT format_version FROM volume", row -> row.getInt(1))
            .orElseThrow(() -> new EngineException(ErrorCode.CORRUPT, "the volume row is missing"));
    if (found < FIRST_VERSION || found > FORMAT_VERSION) {
      throw new EngineException(
          ErrorCode.NOT_SUPPORTED,
          "the volume has format version "
              + found
              + "; this build reads versions "
              + FIRST_VERSION
              + " to "
              + FORMAT_VERSION);
    }
    return found;
  }

  private static Volume read(Sql sql) {
    return sql.find(
            "SELECT uuid, segment_size, created_ns FROM volume",
            row ->
                new Volume(
                    new VolumeId(UUID.fromString(row.getString(1))), row.getInt(2), row.getLong(3)))
        .orElseThrow(() -> new EngineException(ErrorCode.CORRUPT, "the volume row is missing"));
  }

  private static void create(Sql sql, TimeSource time, RandomGenerator random) {
    for (String statement : statements("schema-1.sql")) {
      sql.run(statement);
    }
    long now = time.epochNanos();
    sql.update(
        "INSERT INTO volume (id, uuid, format_version, segment_size, created_ns)"
            + " VALUES (1,?,?,?,?)",
        randomUuid(random).toString(),
        FIRST_VERSION,
        DEFAULT_SEGMENT_BYTES,
        now);
    sql.update("INSERT INTO id_counter (name, next) VALUES (?, 2)", IdCounters.INODE);
    sql.update("INSERT INTO id_counter (name, next) VALUES (?, 1)", IdCounters.SEGMENT);
    sql.update("INSERT INTO id_counter (name, next) VALUES (?, 3)", IdCounters.COOKIE);
    sql.update("INSERT INTO usage (id, bytes, inodes) VALUES (1, 0, 1)");
    InodeRows.put(
        sql,
        new InodeEdit(InodeId.ROOT, FileType.DIRECTORY, now)
            .mode(0755)
            .addLinks(2)
            .parent(InodeId.ROOT)
            .done());
  }

  /** Version 4, variant 2 (RFC 9562), from the generator that was passed in. */
  private static UUID randomUuid(RandomGenerator random) {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    bytes[6] = (byte) ((bytes[6] & 0x0f) | 0x40);
    bytes[8] = (byte) ((bytes[8] & 0x3f) | 0x80);
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new UUID(buffer.getLong(), buffer.getLong());
  }

  private static List<String> statements(String resource) {
    try (InputStream in = VolumeSchema.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new EngineException(ErrorCode.INTERNAL, resource + " is not on the class path");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Arrays.stream(text.replaceAll("--[^\n]*", "").split(";", -1))
          .map(String::strip)
          .filter(statement -> !statement.isEmpty())
          .toList();
    } catch (IOException e) {
      throw new EngineException(ErrorCode.INTERNAL, "cannot read " + resource, e);
    }
  }
}
