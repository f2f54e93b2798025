package io.forebay.engine.assembly;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.Identity;
import io.forebay.engine.bucket.BucketContext;
import io.forebay.engine.bucket.BucketSettings;
import io.forebay.engine.file.FileLayer;
import io.forebay.engine.file.FileLimits;
import io.forebay.engine.lease.FencedObjectStore;
import io.forebay.engine.lease.GatewayIdentity;
import io.forebay.engine.lease.LeaseTerms;
import io.forebay.engine.lease.VolumeLease;
import io.forebay.engine.maintenance.BackgroundLoops;
import io.forebay.engine.metadata.MasterKey;
import io.forebay.engine.metadata.MetadataStore;
import io.forebay.engine.metadata.StoredIdentity;
import io.forebay.engine.metadata.StoredRecords;
import io.forebay.engine.object.MeteredObjectStore;
import io.forebay.engine.object.ObjectStore;
import io.forebay.engine.object.ObjectStores;
import io.forebay.engine.object.RetryPolicy;
import io.forebay.engine.object.RetryingObjectStore;
import io.forebay.engine.object.StoreException;
import io.forebay.engine.segment.Problems;
import io.forebay.engine.shipping.LogShipper;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Puts an engine together: the one place where its parts meet. */
public final class EngineWiring {
  /** Design section 5: the most that the loss of the machine costs with {@code local}. */
  private static final Duration SHIPPING_INTERVAL = Duration.ofSeconds(1);

  private EngineWiring() {}

  /**
   * Opens a volume, or makes it, and starts its background work.
   *
   * @param random thread-safe and unpredictable: upload ids come from it
   * @return the caller's to drain and close
   * @throws io.forebay.engine.EngineException {@link io.forebay.engine.ErrorCode#INVALID_ARGUMENT}
   *     for a bucket URL that cannot be meant, or a bucket of another volume; {@link
   *     io.forebay.engine.ErrorCode#UNAVAILABLE} for a bucket that cannot be used; {@link
   *     io.forebay.engine.ErrorCode#FENCED} when another gateway holds the volume; {@link
   *     io.forebay.engine.ErrorCode#IO}, {@link io.forebay.engine.ErrorCode#CORRUPT} and {@link
   *     io.forebay.engine.ErrorCode#NOT_SUPPORTED} for the data directory
   */
  public static Engine open(
      EngineConfig config, TimeSource time, RandomGenerator random, MeterRegistry meters) {
    List<AutoCloseable> opened = new ArrayList<>();
    try {
      ObjectStore store = openStore(config, time, meters);
      opened.add(store);
      MetadataStore metadata =
          MetadataStore.open(
              config.dataDirectory().resolve("metadata"),
              config.metadataCacheEntries(),
              time,
              random,
              meters);
      opened.add(metadata);
      VolumeMarker marker =
          new VolumeMarker(
              new RetryingObjectStore(store, RetryPolicy.DEFAULT, time, random),
              new StoredRecords(metadata),
              metadata.volume());
      boolean claimed = marker.claim();
      VolumeLease lease = acquireLease(config, store, metadata, claimed, time, random);
      opened.add(lease);
      opened.add(renewing(lease));
      metadata.guard(lease::requireOwner);
      ObjectStore fenced = new FencedObjectStore(store, lease);
      // Before anything is shipped: secrets that are still plain text must not reach the bucket.
      Identity identity =
          new StoredIdentity(
              metadata, MasterKey.open(config.dataDirectory().resolve("master.key"), random));
      LogShipper shipper =
          new LogShipper(metadata, fenced, lease::epoch, SHIPPING_INTERVAL, time, random, meters);
      opened.add(shipper);
      shipper.start();
      DataPlane plane =
          DataPlane.open(
              DataPlaneSettings.of(config, metadata.volume().segmentBytes()),
              metadata.volume().id(),
              fenced,
              metadata.ledger(),
              time,
              random,
              meters);
      opened.add(plane);
      FileLayer files =
          new FileLayer(
              metadata,
              plane.writer(),
              plane.reader(),
              plane.pins(),
              FileLimits.defaults(config.stagingBytes()),
              Capacity.of(config),
              time,
              random);
      BucketContext objects =
          new BucketContext(
              metadata,
              plane.writer(),
              plane.pins(),
              files.contents(),
              files.tree(),
              random,
              new BucketSettings(config.objectMode(), config.directoryMode()));
      Upkeep upkeep =
          new Upkeep(metadata, fenced, plane, files, lease, config.stagingBytes(), time);
      LocalEngine engine =
          new LocalEngine(
              metadata, lease, shipper, plane, files, upkeep, objects, identity, opened);
      engine.start(config, time, marker, claimed);
      return engine;
    } catch (RuntimeException | Error e) {
      LocalEngine.closeAll(opened, e);
      throw e;
    }
  }

  private static VolumeLease acquireLease(
      EngineConfig config,
      ObjectStore store,
      MetadataStore metadata,
      boolean claimed,
      TimeSource time,
      RandomGenerator random) {
    return VolumeLease.acquire(
        store,
        GatewayIdentity.of(config.dataDirectory(), random),
        LeaseTerms.DEFAULT,
        claimed,
        metadata.lastEpoch() > 0,
        seen -> metadata.beginEpoch(seen, VolumeLease::firstIdOf),
        time,
        random);
  }

  /** Before anything that may take longer than the lease, such as recovery, and beside it. */
  private static AutoCloseable renewing(VolumeLease lease) {
    BackgroundLoops loop = new BackgroundLoops(new Problems());
    loop.start("lease", LeaseTerms.DEFAULT.renewal(), lease::renewOnce);
    return loop;
  }

  private static ObjectStore openStore(EngineConfig config, TimeSource time, MeterRegistry meters) {
    int connections = config.uploadConcurrency() + config.downloadConcurrency() + 4;
    try {
      return new MeteredObjectStore(
          ObjectStores.open(config.bucketUrl(), connections, time), meters);
    } catch (StoreException e) {
      throw new EngineException(ErrorCode.UNAVAILABLE, String.valueOf(e.getMessage()), e);
    }
  }
}
