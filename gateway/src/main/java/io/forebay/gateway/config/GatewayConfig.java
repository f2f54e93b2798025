package io.forebay.gateway.config;

import io.forebay.engine.Durability;
import io.forebay.engine.assembly.EngineConfig;
import io.forebay.nfs.Export;
import io.forebay.nfs.NfsConfig;
import io.forebay.nfs.NfsLimits;
import io.forebay.s3.S3Config;
import io.forebay.s3.S3Limits;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.event.Level;

/**
 * Everything that is configured, checked.
 *
 * @param engine settings of the engine
 * @param nfs settings of the NFS frontend
 * @param s3 settings of the S3 frontend
 * @param admin where metrics and health are served; port 0 takes any free one
 * @param rootKey empty: generated at the first start
 * @param logLevel the least important events that are logged
 * @param drainPatience how long stopping may take to finish what is under way
 */
public record GatewayConfig(
    EngineConfig engine,
    NfsConfig nfs,
    S3Config s3,
    InetSocketAddress admin,
    Optional<RootKeySetting> rootKey,
    Level logLevel,
    Duration drainPatience) {

  /** Checks what no option shows alone, and reports it with everything else. */
  static GatewayConfig of(Settings settings) throws ConfigException {
    checkPorts(settings);
    checkRootKey(settings);
    checkExports(settings);
    checkDirectories(settings);
    settings
        .find(Option.NFS_LEASE)
        .filter(lease -> lease.toMillis() % 1000 != 0)
        .ifPresent(lease -> settings.report(Option.NFS_LEASE, "it is in whole seconds"));
    if (!settings.isUsable()) {
      throw new ConfigException(settings.problems());
    }
    return new GatewayConfig(
        engine(settings),
        nfs(settings),
        s3(settings),
        new InetSocketAddress(settings.get(Option.ADMIN_BIND), settings.get(Option.ADMIN_PORT)),
        settings
            .find(Option.ROOT_ACCESS_KEY)
            .map(id -> new RootKeySetting(id, settings.get(Option.ROOT_SECRET_KEY))),
        settings.get(Option.LOG_LEVEL),
        settings.get(Option.DRAIN_PATIENCE));
  }

  private static void checkPorts(Settings settings) {
    List<Option<Integer>> ports = List.of(Option.NFS_PORT, Option.S3_PORT, Option.ADMIN_PORT);
    for (int i = 0; i < ports.size(); i++) {
      for (int j = 0; j < i; j++) {
        Optional<Integer> one = settings.find(ports.get(i)).filter(port -> port != 0);
        if (one.isPresent() && one.equals(settings.find(ports.get(j)))) {
          settings.report(ports.get(i), one.get() + " is also " + ports.get(j).key());
        }
      }
    }
  }

  private static void checkRootKey(Settings settings) {
    boolean hasId = settings.isGiven(Option.ROOT_ACCESS_KEY);
    boolean hasSecret = settings.isGiven(Option.ROOT_SECRET_KEY);
    if (hasId && !hasSecret) {
      settings.report(
          Option.ROOT_ACCESS_KEY, "needs " + Option.ROOT_SECRET_KEY.key() + ", which is not set");
    }
    if (hasSecret && !hasId) {
      settings.report(
          Option.ROOT_SECRET_KEY, "needs " + Option.ROOT_ACCESS_KEY.key() + ", which is not set");
    }
  }

  private static void checkExports(Settings settings) {
    Set<String> paths = new HashSet<>();
    for (ExportLine line : settings.find(Option.NFS_EXPORTS).orElse(List.of())) {
      if (!paths.add(line.path())) {
        settings.report(Option.NFS_EXPORTS, "two exports have the path " + line.path());
      }
    }
    settings
        .find(Option.NFS_EXPORTS)
        .filter(List::isEmpty)
        .ifPresent(none -> settings.report(Option.NFS_EXPORTS, "there is nothing to export"));
  }

  private static void checkDirectories(Settings settings) {
    Set<Path> directories = new HashSet<>();
    for (Path directory : settings.find(Option.CACHE_DIRECTORIES).orElse(List.of())) {
      if (!directories.add(directory)) {
        settings.report(Option.CACHE_DIRECTORIES, directory + " is named twice");
      }
    }
  }

  private static EngineConfig engine(Settings settings) {
    Path data = settings.get(Option.DATA);
    return new EngineConfig(
        data,
        settings.find(Option.CACHE_DIRECTORIES).orElse(List.of(data.resolve("cache"))),
        settings.get(Option.CACHE_BUDGET),
        settings.get(Option.CACHE_MIN_FREE),
        settings.get(Option.STAGING_BUDGET),
        settings.find(Option.BUCKET_URL).orElseGet(() -> directoryUrl(data.resolve("bucket"))),
        settings.get(Option.DURABILITY),
        settings.get(Option.STAGING_UPLOAD_DELAY),
        settings.get(Option.STAGING_UPLOAD_CONCURRENCY),
        settings.get(Option.CACHE_DOWNLOAD_CONCURRENCY),
        settings.get(Option.CAPACITY),
        settings.get(Option.S3_OBJECT_MODE),
        settings.get(Option.S3_DIRECTORY_MODE),
        settings.get(Option.S3_UPLOAD_EXPIRY),
        settings.get(Option.METADATA_CACHE_ENTRIES));
  }

  /** Unlike Path.toUri the same whether or not the directory exists yet. */
  private static URI directoryUrl(Path directory) {
    try {
      return new URI("file", "", directory.toString(), null, null);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("an absolute path makes a URL: " + directory, e);
    }
  }

  private static NfsConfig nfs(Settings settings) {
    Durability durability = settings.get(Option.DURABILITY);
    List<Export> exports =
        settings.get(Option.NFS_EXPORTS).stream().map(line -> line.export(durability)).toList();
    Duration lease = settings.get(Option.NFS_LEASE);
    NfsLimits limits = NfsLimits.DEFAULT;
    return new NfsConfig(
        address(settings, Option.NFS_BIND, Option.NFS_PORT),
        lease,
        settings.find(Option.NFS_GRACE).orElse(lease),
        exports,
        new NfsLimits(
            settings.get(Option.NFS_MAX_CONNECTIONS),
            limits.maxInFlightPerConnection(),
            settings.get(Option.NFS_MAX_IN_FLIGHT),
            Math.toIntExact(settings.get(Option.NFS_MAX_TRANSFER)),
            settings.get(Option.NFS_MAX_SLOTS),
            limits.maxCachedReplyBytes(),
            limits.maxOperations(),
            settings.get(Option.NFS_MAX_CLIENTS),
            limits.maxSessionsPerClient(),
            limits.maxOpensPerClient()));
  }

  private static S3Config s3(Settings settings) {
    S3Limits limits = S3Limits.DEFAULT;
    return new S3Config(
        address(settings, Option.S3_BIND, Option.S3_PORT),
        settings.get(Option.S3_REGION),
        settings.find(Option.S3_VIRTUAL_HOST_SUFFIX),
        new S3Limits(
            settings.get(Option.S3_MAX_CONNECTIONS),
            settings.get(Option.S3_MAX_IN_FLIGHT),
            limits.maxPipelined(),
            limits.maxLineBytes(),
            limits.maxHeadBytes(),
            limits.maxFields(),
            limits.maxDocumentBytes(),
            limits.bodyBufferBytes(),
            limits.maxDrainBytes(),
            limits.idleTimeout(),
            limits.headTimeout(),
            limits.bodyTimeout(),
            limits.writeTimeout()));
  }

  private static InetSocketAddress address(
      Settings settings, Option<InetAddress> bind, Option<Integer> port) {
    return new InetSocketAddress(settings.get(bind), settings.get(port));
  }
}
