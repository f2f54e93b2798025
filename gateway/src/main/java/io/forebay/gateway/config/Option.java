package io.forebay.gateway.config;

import io.forebay.engine.Durability;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * The one table of options. An option's name is its key in the TOML file; the environment variable
 * and the flag follow from it.
 */
public final class Option<T> {
  private static final int MAX_PORT = 65535;
  private static final int MAX_CONNECTIONS = 1_000_000;

  public static final Option<Path> DATA =
      new Option<>("data", OptionType.path())
          .byDefault("forebay-data")
          .saying("Directory of the volume's metadata and of data on its way to the bucket.");
  public static final Option<URI> BUCKET_URL =
      new Option<>("bucket_url", OptionType.bucketUrl())
          .otherwise("the directory `bucket` in `data`", "s3://my-bucket/volume-1?region=us-east-1")
          .saying(
              "The backing bucket: `file:///DIR`, or"
                  + " `s3://BUCKET/PREFIX?endpoint=URL&region=NAME&pathStyle=true`, where each"
                  + " parameter may be left out. Credentials come from the AWS SDK's default chain:"
                  + " environment, profile, instance role.");
  public static final Option<Durability> DURABILITY =
      new Option<>("durability", OptionType.choice(Durability.class))
          .byDefault("local")
          .saying(
              "What an acknowledgement survives: `local`, crash and power loss of this machine;"
                  + " with `bucket` also the loss of the machine: the data, and the metadata's log"
                  + " that names it, are in the bucket before the answer. An export may say"
                  + " otherwise.");
  public static final Option<Long> CAPACITY =
      new Option<>("capacity", OptionType.size("0", "8191PiB"))
          .byDefault("0")
          .saying(
              "What `df` shows as the volume's size. 0: the disk's size for a directory, 1 PiB for"
                  + " S3.");
  public static final Option<Duration> DRAIN_PATIENCE =
      new Option<>("drain_patience", OptionType.duration("0s", "1h"))
          .byDefault("20s")
          .saying(
              "How long stopping may take to finish requests and to upload what is staged; what is"
                  + " left is uploaded after the next start.");
  public static final Option<Level> LOG_LEVEL =
      new Option<>("log_level", OptionType.choice(Level.class))
          .byDefault("info")
          .saying("The least important events that are logged.");

  public static final Option<String> ROOT_ACCESS_KEY =
      new Option<>(
              "root.access_key",
              OptionType.text("3 to 128 of A-Z a-z 0-9 _ -", "[A-Za-z0-9_-]{3,128}"))
          .otherwise("generated at the first start", "FOREBAYROOT")
          .saying("The S3 access key that acts as root. Replaces the one before.");
  public static final Option<String> ROOT_SECRET_KEY =
      new Option<>(
              "root.secret_key",
              OptionType.text("8 to 128 printable characters without blanks", "[!-~]{8,128}"))
          .otherwise("generated at the first start", "change-me-please")
          .withoutFlag()
          .saying("Its secret key. No flag: command lines can be read by others.");

  public static final Option<InetAddress> NFS_BIND =
      new Option<>("nfs.bind", OptionType.address())
          .byDefault("127.0.0.1")
          .saying("Where NFS listens; `0.0.0.0` for all of IPv4, `::` for all.");
  public static final Option<Integer> NFS_PORT =
      new Option<>("nfs.port", OptionType.integer(0, MAX_PORT))
          .byDefault("2049")
          .saying("The port of NFS; 0 takes a free one.");
  public static final Option<List<ExportLine>> NFS_EXPORTS =
      new Option<>("nfs.exports", OptionType.exports())
          .byDefault("/ 127.0.0.0/8(rw,no_root_squash) ::1(rw,no_root_squash)")
          .saying(
              "What clients may mount, as in exports(5): a path, then clients with options. A"
                  + " client is an address, a range or `*`; the most specific range decides. The"
                  + " options: `rw`, `ro`, `root_squash`, `no_root_squash`, `all_squash`,"
                  + " `anonuid=`, `anongid=`. `-durability=bucket` behind the path is for the whole"
                  + " export.");
  public static final Option<Duration> NFS_LEASE =
      new Option<>("nfs.lease", OptionType.duration("1s", "1h"))
          .byDefault("90s")
          .saying(
              "How long a silent client keeps its opens and locks, in whole seconds. Clients renew"
                  + " in time by themselves.");
  public static final Option<Duration> NFS_GRACE =
      new Option<>("nfs.grace", OptionType.duration("0s", "1h"))
          .otherwise("`nfs.lease`", "90s")
          .saying(
              "How long after a start clients may reclaim what they held, and nobody else may take"
                  + " it. Ends early when all clients are back.");
  public static final Option<Integer> NFS_MAX_CONNECTIONS =
      new Option<>("nfs.max_connections", OptionType.integer(1, MAX_CONNECTIONS))
          .byDefault("4096")
          .saying("TCP connections at once; more are closed.");
  public static final Option<Integer> NFS_MAX_CLIENTS =
      new Option<>("nfs.max_clients", OptionType.integer(1, MAX_CONNECTIONS))
          .byDefault("4096")
          .saying("NFS clients known at once.");
  public static final Option<Integer> NFS_MAX_IN_FLIGHT =
      new Option<>("nfs.max_in_flight", OptionType.integer(1, 65536))
          .byDefault("256")
          .saying("NFS requests worked on at once.");
  public static final Option<Integer> NFS_MAX_SLOTS =
      new Option<>("nfs.max_slots", OptionType.integer(1, 1024))
          .byDefault("64")
          .saying("Requests that one NFS session may have under way.");
  public static final Option<Long> NFS_MAX_TRANSFER =
      new Option<>("nfs.max_transfer", OptionType.size("64KiB", "4MiB"))
          .byDefault("1MiB")
          .saying("The longest READ and WRITE.");

  public static final Option<InetAddress> S3_BIND =
      new Option<>("s3.bind", OptionType.address())
          .byDefault("127.0.0.1")
          .saying("Where S3 listens; `0.0.0.0` for all of IPv4, `::` for all.");
  public static final Option<Integer> S3_PORT =
      new Option<>("s3.port", OptionType.integer(0, MAX_PORT))
          .byDefault("9000")
          .saying("The port of S3; 0 takes a free one.");
  public static final Option<String> S3_REGION =
      new Option<>("s3.region", OptionType.text("1 to 63 of a-z 0-9 -", "[a-z0-9][a-z0-9-]{0,62}"))
          .byDefault("us-east-1")
          .saying("The region that clients sign their requests for.");
  public static final Option<String> S3_VIRTUAL_HOST_SUFFIX =
      new Option<>(
              "s3.virtual_host_suffix",
              OptionType.text(
                  "a domain name",
                  "[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*"))
          .otherwise("buckets in the path only", "s3.example.com")
          .saying("A domain: with `s3.example.com`, BUCKET.s3.example.com addresses BUCKET.");
  public static final Option<Integer> S3_OBJECT_MODE =
      new Option<>("s3.object_mode", OptionType.mode())
          .byDefault("0644")
          .saying("Permission bits of files that S3 creates.");
  public static final Option<Integer> S3_DIRECTORY_MODE =
      new Option<>("s3.directory_mode", OptionType.mode())
          .byDefault("0755")
          .saying("Permission bits of directories that S3 creates.");
  public static final Option<Duration> S3_UPLOAD_EXPIRY =
      new Option<>("s3.upload_expiry", OptionType.duration("1h", "3650d"))
          .byDefault("7d")
          .saying("Age at which a multipart upload that nobody completed is dropped.");

  public static final Option<Integer> S3_MAX_CONNECTIONS =
      new Option<>("s3.max_connections", OptionType.integer(1, MAX_CONNECTIONS))
          .byDefault("4096")
          .saying("TCP connections at once; more are closed.");
  public static final Option<Integer> S3_MAX_IN_FLIGHT =
      new Option<>("s3.max_in_flight", OptionType.integer(1, 65536))
          .byDefault("512")
          .saying("S3 requests worked on at once; more are answered 503 SlowDown.");

  public static final Option<InetAddress> ADMIN_BIND =
      new Option<>("admin.bind", OptionType.address())
          .byDefault("127.0.0.1")
          .saying("Where metrics and health are served, without authentication.");
  public static final Option<Integer> ADMIN_PORT =
      new Option<>("admin.port", OptionType.integer(0, MAX_PORT))
          .byDefault("9090")
          .saying("Their port; 0 takes a free one.");

  public static final Option<List<Path>> CACHE_DIRECTORIES =
      new Option<>("cache.directories", OptionType.paths())
          .otherwise("the directory `cache` in `data`", "/nvme0/forebay")
          .saying("Directories of the cache, each on a disk of its own.");
  public static final Option<Long> CACHE_BUDGET =
      new Option<>("cache.budget", OptionType.size("64MiB", "1PiB"))
          .byDefault("50GiB")
          .saying("The most that the cache takes in each of its directories.");
  public static final Option<Long> CACHE_MIN_FREE =
      new Option<>("cache.min_free", OptionType.size("0", "1PiB"))
          .byDefault("2GiB")
          .saying("Free space that the cache leaves alone on each disk.");
  public static final Option<Integer> CACHE_DOWNLOAD_CONCURRENCY =
      new Option<>("cache.download_concurrency", OptionType.integer(1, 256))
          .byDefault("32")
          .saying("Downloads from the bucket at once.");

  public static final Option<Long> STAGING_BUDGET =
      new Option<>("staging.budget", OptionType.size("256MiB", "1PiB"))
          .byDefault("20GiB")
          .saying("The most data that waits for its upload; beyond it writes slow down.");
  public static final Option<Duration> STAGING_UPLOAD_DELAY =
      new Option<>("staging.upload_delay", OptionType.duration("10ms", "1h"))
          .byDefault("1s")
          .saying("The longest that committed data waits to be packed with other data.");
  public static final Option<Integer> STAGING_UPLOAD_CONCURRENCY =
      new Option<>("staging.upload_concurrency", OptionType.integer(1, 64))
          .byDefault("8")
          .saying("Uploads to the bucket at once.");

  public static final Option<Integer> METADATA_CACHE_ENTRIES =
      new Option<>("metadata.cache_entries", OptionType.integer(1000, 100_000_000))
          .byDefault("500000")
          .saying(
              "Inodes that are kept in memory with their names and objects, at about 650 bytes; the"
                  + " heap is 1 GiB unless `FOREBAY_JAVA_OPTS` says otherwise.");

  /** All of them, in the order of the reference; those of a table stand together. */
  private static final List<Option<?>> ALL =
      List.of(
          DATA,
          BUCKET_URL,
          DURABILITY,
          CAPACITY,
          DRAIN_PATIENCE,
          LOG_LEVEL,
          ROOT_ACCESS_KEY,
          ROOT_SECRET_KEY,
          NFS_BIND,
          NFS_PORT,
          NFS_EXPORTS,
          NFS_LEASE,
          NFS_GRACE,
          NFS_MAX_CONNECTIONS,
          NFS_MAX_CLIENTS,
          NFS_MAX_IN_FLIGHT,
          NFS_MAX_SLOTS,
          NFS_MAX_TRANSFER,
          S3_BIND,
          S3_PORT,
          S3_REGION,
          S3_VIRTUAL_HOST_SUFFIX,
          S3_OBJECT_MODE,
          S3_DIRECTORY_MODE,
          S3_UPLOAD_EXPIRY,
          S3_MAX_CONNECTIONS,
          S3_MAX_IN_FLIGHT,
          ADMIN_BIND,
          ADMIN_PORT,
          CACHE_DIRECTORIES,
          CACHE_BUDGET,
          CACHE_MIN_FREE,
          CACHE_DOWNLOAD_CONCURRENCY,
          STAGING_BUDGET,
          STAGING_UPLOAD_DELAY,
          STAGING_UPLOAD_CONCURRENCY,
          METADATA_CACHE_ENTRIES);

  private final String name;
  private final OptionType<T> type;
  private final @Nullable String defaultText;
  private final String otherwise;
  private final String example;
  private final String description;
  private final boolean hasFlag;

  private Option(String name, OptionType<T> type) {
    this(name, type, null, "", "", "", true);
  }

  private Option(
      String name,
      OptionType<T> type,
      @Nullable String defaultText,
      String otherwise,
      String example,
      String description,
      boolean hasFlag) {
    this.name = name;
    this.type = type;
    this.defaultText = defaultText;
    this.otherwise = otherwise;
    this.example = example;
    this.description = description;
    this.hasFlag = hasFlag;
  }

  private Option<T> byDefault(String text) {
    return new Option<>(name, type, text, otherwise, text, description, hasFlag);
  }

  /** No fixed default: what holds instead, in Markdown, and a value for the sample file. */
  private Option<T> otherwise(String instead, String sample) {
    return new Option<>(name, type, null, instead, sample, description, hasFlag);
  }

  private Option<T> withoutFlag() {
    return new Option<>(name, type, defaultText, otherwise, example, description, false);
  }

  private Option<T> saying(String text) {
    return new Option<>(name, type, defaultText, otherwise, example, text, hasFlag);
  }

  public static List<Option<?>> all() {
    return ALL;
  }

  /** The key in the TOML file: "nfs.max_slots". */
  public String key() {
    return name;
  }

  /** The table of the TOML file; "" at its top. */
  public String table() {
    int dot = name.indexOf('.');
    return dot < 0 ? "" : name.substring(0, dot);
  }

  /** The environment variable: "FOREBAY_NFS_MAX_SLOTS". */
  public String variable() {
    return "FOREBAY_" + name.replace('.', '_').toUpperCase(Locale.ROOT);
  }

  /** The flag: "--nfs-max-slots"; empty for secrets. */
  public Optional<String> flag() {
    return hasFlag
        ? Optional.of("--" + name.replace('.', '-').replace('_', '-'))
        : Optional.empty();
  }

  /** What may be written, for people. */
  public String form() {
    return type.form();
  }

  public boolean isList() {
    return type.isList();
  }

  boolean isInteger() {
    return type.isInteger();
  }

  /** Markdown, one paragraph. */
  public String description() {
    return description;
  }

  /** As it would be written; empty where it follows from something else. */
  public Optional<String> defaultText() {
    return Optional.ofNullable(defaultText);
  }

  /** Where there is no default text: what holds instead, in Markdown. */
  public String otherwise() {
    return otherwise;
  }

  /** A value to show: the default where there is one. */
  public String example() {
    return example;
  }

  /** Throws IllegalArgumentException that says what is wrong. */
  T read(List<String> texts) {
    return type.reader().apply(texts);
  }

  @Override
  public String toString() {
    return name;
  }
}
