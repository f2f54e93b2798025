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
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Makes a volume's tables, once, and refuses volumes of a later version. */
final class VolumeSchema {
  /** The version this build writes and reads. */
  static final int FORMAT_VERSION = 1;

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
      sql.run("COMMIT");
    }
    return read(sql)
        .orElseThrow(() -> new EngineException(ErrorCode.CORRUPT, "the volume row is missing"));
  }

  private static Optional<Volume> read(Sql sql) {
    sql.find("SELECT format_version FROM volume", row -> row.getInt(1))
        .filter(version -> version != FORMAT_VERSION)
        .ifPresent(version -> {
          throw new EngineException(
              ErrorCode.NOT_SUPPORTED,
              "the volume has format version "
                  + version
                  + "; this build reads version "
                  + FORMAT_VERSION);
        });
    return sql.find(
        "SELECT uuid, segment_size, created_ns FROM volume",
        row ->
            new Volume(
                new VolumeId(UUID.fromString(row.getString(1))), row.getInt(2), row.getLong(3)));
  }

  private static void create(Sql sql, TimeSource time, RandomGenerator random) {
    for (String statement : statements()) {
      sql.run(statement);
    }
    long now = time.epochNanos();
    sql.update(
        "INSERT INTO volume (id, uuid, format_version, segment_size, created_ns)"
            + " VALUES (1,?,?,?,?)",
        randomUuid(random).toString(),
        FORMAT_VERSION,
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

  private static List<String> statements() {
    try (InputStream in = VolumeSchema.class.getResourceAsStream("schema.sql")) {
      if (in == null) {
        throw new EngineException(ErrorCode.INTERNAL, "schema.sql is not on the class path");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Arrays.stream(text.replaceAll("--[^\n]*", "").split(";", -1))
          .map(String::strip)
          .filter(statement -> !statement.isEmpty())
          .toList();
    } catch (IOException e) {
      throw new EngineException(ErrorCode.INTERNAL, "cannot read schema.sql", e);
    }
  }
}
