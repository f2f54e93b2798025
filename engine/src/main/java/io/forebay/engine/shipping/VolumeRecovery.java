package io.forebay.engine.shipping;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.InodeId;
import io.forebay.engine.metadata.MetadataStore;
import io.forebay.engine.metadata.RecoveredMetadata;
import io.forebay.engine.metadata.Volume;
import io.forebay.engine.object.DurableDirectories;
import io.forebay.engine.object.ObjectStore;
import io.forebay.engine.object.ObjectStore.ListPage;
import io.forebay.engine.object.ObjectStore.Stat;
import io.forebay.engine.segment.BucketSegments;
import io.forebay.engine.segment.DamagedSegmentException;
import io.forebay.engine.segment.SegmentFormat;
import io.forebay.engine.segment.SegmentId;
import io.forebay.engine.segment.SegmentLedger.Row;
import io.forebay.engine.segment.SegmentRun;
import io.forebay.engine.segment.SegmentTrailer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Rebuilds a volume's metadata from its bucket alone, in an empty data directory. It is made beside
 * its place and renamed at the end: an attempt that failed leaves nothing that could be served.
 */
public final class VolumeRecovery {
  private static final int PAGE = 1000;
  private static final int CACHE_ENTRIES = 10_000;

  private final ObjectStore store;
  private final TimeSource time;
  private final RandomGenerator random;
  private final RecoveryReport.Progress progress;

  /**
   * @param store one that retries
   */
  public VolumeRecovery(
      ObjectStore store,
      TimeSource time,
      RandomGenerator random,
      RecoveryReport.Progress progress) {
    this.store = store;
    this.time = time;
    this.random = random;
    this.progress = progress;
  }

  private interface Restoration {
    RecoveryReport into(Path metadata, Volume volume) throws IOException;
  }

  /**
   * From snapshots and log.
   *
   * @param dataDirectory empty, or not there
   * @throws EngineException {@link ErrorCode#EXISTS} for a directory with anything in it, {@link
   *     ErrorCode#CORRUPT} when nothing whole is in the bucket, {@link ErrorCode#INVALID_ARGUMENT}
   *     for a bucket without a volume
   */
  public RecoveryReport fromLog(Path dataDirectory) {
    return restore(dataDirectory, this::fromLog);
  }

  /**
   * From the segments' trailers: contents of files by inode, in the directory {@code recovered}.
   */
  public RecoveryReport fromSegments(Path dataDirectory) {
    return restore(dataDirectory, this::fromSegments);
  }

  private RecoveryReport restore(Path dataDirectory, Restoration how) {
    try {
      DurableDirectories.create(dataDirectory);
      Path unfinished = dataDirectory.resolve("metadata.recovering");
      clear(unfinished);
      requireEmpty(dataDirectory);
      Volume volume = BucketVolume.read(store);
      DurableDirectories.create(unfinished);
      RecoveryReport report = how.into(unfinished, volume);
      DurableDirectories.force(unfinished);
      Files.move(unfinished, dataDirectory.resolve("metadata"), StandardCopyOption.ATOMIC_MOVE);
      DurableDirectories.force(dataDirectory);
      return report;
    } catch (IOException e) {
      throw new EngineException(ErrorCode.IO, "cannot recover into " + dataDirectory + ": " + e, e);
    }
  }

  private static void requireEmpty(Path directory) throws IOException {
    try (Stream<Path> there = Files.list(directory)) {
      Optional<Path> any = there.findFirst();
      if (any.isPresent()) {
        throw new EngineException(
            ErrorCode.EXISTS, directory + " is not empty: " + any.get() + " is there");
      }
    }
  }

  /** What an attempt that was cut short has left. */
  private static void clear(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> files = Files.list(directory)) {
      for (Path each : files.toList()) {
        Files.delete(each);
      }
    }
    Files.delete(directory);
  }

  private MetadataStore open(Path metadata) {
    return MetadataStore.open(metadata, CACHE_ENTRIES, time, random, new SimpleMeterRegistry());
  }

  // --- with the log

  private RecoveryReport fromLog(Path metadata, Volume volume) throws IOException {
    LogReplay.Result replayed =
        new LogReplay(store, volume.id(), progress).restore(metadata.resolve(MetadataStore.FILE));
    try (MetadataStore opened = open(metadata)) {
      RecoveredMetadata recovered = new RecoveredMetadata(opened);
      recovered.check();
      if (!opened.volume().equals(volume)) {
        throw new EngineException(
            ErrorCode.CORRUPT, "the metadata in the bucket is of another volume than its segments");
      }
      long highest = listSegments(recovered);
      long lost = settle(opened, recovered);
      recovered.raiseCounters(highestInode(recovered, volume), highest);
      long damaged = reportDamaged(recovered);
      recovered.end();
      MetadataStore.Usage usage = recovered.usage();
      return new RecoveryReport(
          replayed.moment(),
          replayed.objects(),
          usage.inodes(),
          usage.bytes(),
          lost,
          damaged,
          replayed.isComplete());
    }
  }

  /** Notes what is in the bucket; returns the highest id. */
  private long listSegments(RecoveredMetadata recovered) {
    recovered.begin();
    long highest = 0;
    String after = "";
    while (true) {
      ListPage page = store.list(SegmentFormat.FOLDER, after, ObjectStore.MAX_LIST_PAGE);
      List<SegmentId> ids = new ArrayList<>();
      for (Stat object : page.objects()) {
        after = object.key();
        Optional<SegmentId> id = id(object.key());
        if (id.isPresent()) {
          ids.add(id.get());
          highest = Math.max(highest, id.get().value());
        }
      }
      recovered.inBucket(ids);
      if (!page.truncated()) {
        return highest;
      }
    }
  }

  private static Optional<SegmentId> id(String key) {
    String name = key.substring(key.lastIndexOf('/') + 1);
    if (!name.matches("[0-7][0-9a-f]{15}") || name.equals("0000000000000000")) {
      return Optional.empty();
    }
    SegmentId id = new SegmentId(Long.parseLong(name, 16));
    return SegmentFormat.objectKey(id).equals(key) ? Optional.of(id) : Optional.empty();
  }

  /** Decides on segments whose upload the log does not say, and on those that are gone. */
  private long settle(MetadataStore opened, RecoveredMetadata recovered) {
    long lost = 0;
    BucketSegments bucket = new BucketSegments(store, opened.volume().id());
    for (Row row : recovered.unstored()) {
      Optional<SegmentTrailer> trailer = trailer(bucket, row.id());
      if (trailer.filter(found -> covers(opened, found)).isPresent()) {
        opened.ledger().sealed(row.id(), trailer.get().dataLength(), trailer.get().pages());
        opened.ledger().stored(row.id());
      } else if (row.liveBytes() > 0) {
        opened.ledger().lost(row.id());
        lost++;
      }
    }
    long after = 0;
    while (true) {
      List<SegmentId> missing = recovered.missing(after, PAGE);
      for (SegmentId id : missing) {
        after = id.value();
        opened.ledger().lost(id);
        lost++;
      }
      if (missing.size() < PAGE) {
        return lost;
      }
    }
  }

  private static boolean covers(MetadataStore opened, SegmentTrailer trailer) {
    return opened.ledger().runs(trailer.id()).stream()
        .allMatch(run -> run.slice().end() <= trailer.dataLength());
  }

  private Optional<SegmentTrailer> trailer(BucketSegments bucket, SegmentId id) {
    try {
      return bucket.trailer(id);
    } catch (DamagedSegmentException e) {
      progress.accept(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /** Also of commits that were not shipped: their segments say which inodes they knew. */
  private long highestInode(RecoveredMetadata recovered, Volume volume) {
    BucketSegments bucket = new BucketSegments(store, volume.id());
    long highest = recovered.highestInode().orElse(1);
    long after = 0;
    while (true) {
      List<SegmentId> unknown = recovered.unknown(after, PAGE);
      for (SegmentId id : unknown) {
        after = id.value();
        highest = Math.max(highest, trailer(bucket, id).map(VolumeRecovery::highest).orElse(0L));
      }
      if (unknown.size() < PAGE) {
        return highest;
      }
    }
  }

  private static long highest(SegmentTrailer trailer) {
    return trailer.runs().stream().map(SegmentRun::inode).mapToLong(InodeId::value).max().orElse(0);
  }

  private long reportDamaged(RecoveredMetadata recovered) {
    long count = 0;
    long after = 0;
    while (true) {
      List<RecoveredMetadata.Damaged> page = recovered.damaged(after, PAGE);
      for (RecoveredMetadata.Damaged each : page) {
        after = each.inode().value();
        count++;
        progress.accept(
            "not uploaded: %d bytes of %s"
                .formatted(each.bytes(), each.path().orElse("(no name, " + each.inode() + ")")));
      }
      if (page.size() < PAGE) {
        return count;
      }
    }
  }

  // --- without

  private RecoveryReport fromSegments(Path metadata, Volume volume) {
    try (MetadataStore fresh = open(metadata)) {
      new RecoveredMetadata(fresh).become(volume);
    }
    try (MetadataStore opened = open(metadata)) {
      RecoveredMetadata recovered = new RecoveredMetadata(opened);
      long highestSegment = listSegments(recovered);
      BucketSegments bucket = new BucketSegments(store, volume.id());
      long highestInode = highestInode(recovered, volume);
      InodeId directory = recovered.makeDirectory(highestInode);
      long damaged = 0;
      long after = 0;
      while (true) {
        List<SegmentId> page = recovered.inBucket(after, PAGE);
        for (SegmentId id : page) {
          after = id.value();
          Optional<SegmentTrailer> trailer = trailer(bucket, id);
          trailer.ifPresent(found -> recovered.addSegment(directory, found));
          damaged += trailer.isPresent() ? 0 : 1;
        }
        progress.accept("segments up to " + after + " are read");
        if (page.size() < PAGE) {
          break;
        }
      }
      recovered.keepOverwritten();
      recovered.raiseCounters(highestInode + 1, highestSegment);
      recovered.end();
      MetadataStore.Usage usage = recovered.usage();
      return new RecoveryReport(0, 0, usage.inodes(), usage.bytes(), damaged, 0, damaged == 0);
    }
  }
}
