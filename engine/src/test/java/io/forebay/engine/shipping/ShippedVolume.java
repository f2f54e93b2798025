package io.forebay.engine.shipping;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.FileName;
import io.forebay.engine.FileType;
import io.forebay.engine.InodeId;
import io.forebay.engine.metadata.InodeEdit;
import io.forebay.engine.metadata.MetadataStore;
import io.forebay.engine.metadata.Volume;
import io.forebay.engine.object.ObjectStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Metadata on a real file, whose log is shipped. */
final class ShippedVolume implements AutoCloseable {
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final MetadataStore metadata;
  final LogShipper shipper;

  ShippedVolume(Path data, ObjectStore bucket, long epoch, Random random) {
    metadata =
        MetadataStore.open(data.resolve("metadata"), 1000, TimeSource.system(), random, meters);
    shipper =
        new LogShipper(
            metadata,
            bucket,
            () -> epoch,
            Duration.ofMillis(50),
            TimeSource.system(),
            random,
            meters);
    boolean started = false;
    try {
      shipper.start();
      started = true;
    } finally {
      if (!started) {
        close();
      }
    }
  }

  /** What makes a bucket the volume's. */
  static byte[] marker(Volume volume) {
    return "forebay volume\nformat 1\nuuid %s\nsegment_bytes %d\ncreated_ns %d\n"
        .formatted(volume.id(), volume.segmentBytes(), volume.createdNanos())
        .getBytes(StandardCharsets.UTF_8);
  }

  InodeId create(String name) {
    return metadata.write(tx -> {
      InodeId id = tx.newInodeId();
      tx.create(
          new InodeEdit(id, FileType.REGULAR, tx.now())
              .mode(0644)
              .addLinks(1)
              .parent(InodeId.ROOT)
              .done());
      tx.addEntry(InodeId.ROOT, name(name), id, FileType.REGULAR);
      return id;
    });
  }

  void remove(String name) {
    metadata.write(tx -> {
      tx.entry(InodeId.ROOT, name(name))
          .ifPresent(entry -> {
            tx.removeEntry(InodeId.ROOT, name(name));
            tx.deleteStep(entry.inode(), 100);
          });
      return true;
    });
  }

  static FileName name(String text) {
    return FileName.of(text.getBytes(StandardCharsets.UTF_8));
  }

  void ship() {
    metadata.shippedLog().awaitShipped();
  }

  /** Every row of every table but what a recovery changes, as text. */
  static TreeMap<String, List<String>> dump(Path data) throws SQLException {
    TreeMap<String, List<String>> tables = new TreeMap<>();
    String url = "jdbc:sqlite:" + data.resolve("metadata").resolve(MetadataStore.FILE);
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      List<String> names = new ArrayList<>();
      try (ResultSet rows =
          statement.executeQuery("SELECT name FROM sqlite_master WHERE type = 'table'")) {
        while (rows.next()) {
          names.add(rows.getString(1));
        }
      }
      names.remove("id_counter");
      for (String name : names) {
        tables.put(name, rows(statement, name));
      }
    }
    return tables;
  }

  private static List<String> rows(Statement statement, String table) throws SQLException {
    List<String> all = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery("SELECT * FROM " + table)) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= columns; i++) {
          byte[] value = rows.getBytes(i);
          text.append(value == null ? "-" : new String(value, StandardCharsets.ISO_8859_1));
          text.append('|');
        }
        all.add(text.toString());
      }
    }
    all.sort(null);
    return all;
  }

  /** What the disk has at this moment: what a killed process leaves. */
  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Path target = to.resolve(from.relativize(each).toString());
        if (Files.isDirectory(each)) {
          Files.createDirectories(target);
        } else {
          Files.copy(each, target, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }

  @Override
  public void close() {
    shipper.close();
    metadata.close();
  }
}
