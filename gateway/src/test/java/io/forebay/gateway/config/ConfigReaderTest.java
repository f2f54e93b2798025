package io.forebay.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.engine.Durability;
import io.forebay.nfs.ClientRule.Squash;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

class ConfigReaderTest {
  @TempDir Path directory;

  private GatewayConfig read(String toml) throws ConfigException, IOException {
    return ConfigReader.read(Optional.of(file(toml)), Map.of(), Map.of());
  }

  private Path file(String toml) throws IOException {
    return Files.writeString(directory.resolve("forebay.toml"), toml);
  }

  private List<String> problems(String toml) throws IOException {
    Path file = file(toml);
    return problems(Optional.of(file), Map.of(), Map.of()).stream()
        .map(problem -> problem.replace(directory + "/", ""))
        .toList();
  }

  private static List<String> problems(
      Optional<Path> file, Map<String, String> environment, Map<Option<?>, List<String>> flags) {
    try {
      GatewayConfig accepted = ConfigReader.read(file, environment, flags);
      throw new AssertionError("accepted: " + accepted);
    } catch (ConfigException e) {
      return e.problems().stream().map(ConfigProblem::toString).toList();
    }
  }

  @Test
  void withoutAnythingThisMachineIsServedFromADirectory() throws Exception {
    GatewayConfig config = ConfigReader.read(Optional.empty(), Map.of(), Map.of());

    Path data = Path.of("forebay-data").toAbsolutePath();
    assertThat(config.engine().dataDirectory()).isEqualTo(data);
    assertThat(config.engine().bucketUrl()).isEqualTo(URI.create("file://" + data + "/bucket"));
    assertThat(config.engine().cacheDirectories()).containsExactly(data.resolve("cache"));
    assertThat(config.engine().durability()).isEqualTo(Durability.LOCAL);
    InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
    assertThat(config.nfs().bind()).isEqualTo(new InetSocketAddress(loopback, 2049));
    assertThat(config.s3().bind()).isEqualTo(new InetSocketAddress(loopback, 9000));
    assertThat(config.admin()).isEqualTo(new InetSocketAddress(loopback, 9090));
    assertThat(config.rootKey()).isEmpty();
    assertThat(config.logLevel()).isEqualTo(Level.INFO);
    assertThat(config.nfs().exports())
        .singleElement()
        .satisfies(export -> {
          assertThat(export.path()).isEqualTo("/");
          assertThat(export.clients())
              .allSatisfy(rule -> {
                assertThat(rule.readOnly()).isFalse();
                assertThat(rule.squash()).isEqualTo(Squash.NONE);
                assertThat(rule.matches(InetAddress.ofLiteral("10.0.0.1"))).isFalse();
              })
              .anyMatch(rule -> rule.matches(loopback))
              .anyMatch(rule -> rule.matches(InetAddress.ofLiteral("::1")));
        });
  }

  @Test
  void aFileSetsWhatItNames() throws Exception {
    GatewayConfig config =
        read(
            """
            data = "/var/lib/forebay"
            bucket_url = "s3://my-bucket/volume-1?region=eu-central-1"
            durability = "bucket"

            [nfs]
            bind = "0.0.0.0"
            port = 12049
            lease = "30s"
            exports = [
              "/ 10.0.0.0/8(rw)",                      # a comment
              "/archive -durability=local 10.1.0.0/16(ro)",
            ]

            [cache]
            directories = ["/nvme0/forebay", "/nvme1/forebay"]
            budget = "3TiB"
            min_free = 1048576

            [s3]
            object_mode = "0640"
            """);

    assertThat(config.engine().dataDirectory()).isEqualTo(Path.of("/var/lib/forebay"));
    assertThat(config.engine().bucketUrl())
        .isEqualTo(URI.create("s3://my-bucket/volume-1?region=eu-central-1"));
    assertThat(config.engine().cacheBytesPerDirectory()).isEqualTo(3L << 40);
    assertThat(config.engine().minimumFreeBytes()).isEqualTo(1L << 20);
    assertThat(config.engine().cacheDirectories())
        .containsExactly(Path.of("/nvme0/forebay"), Path.of("/nvme1/forebay"));
    assertThat(config.engine().objectMode()).isEqualTo(0640);
    assertThat(config.nfs().bind())
        .isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), 12049));
    assertThat(config.nfs().lease()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.nfs().grace()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.nfs().exports().get(0).durability()).isEqualTo(Durability.BUCKET);
    assertThat(config.nfs().exports().get(1).durability()).isEqualTo(Durability.LOCAL);
  }

  @Test
  void aFlagWinsOverAVariableAndAVariableOverTheFile() throws Exception {
    Path file = file("[nfs]\nport = 1\n[s3]\nport = 2\n[admin]\nport = 3\n");

    GatewayConfig config =
        ConfigReader.read(
            Optional.of(file),
            Map.of("FOREBAY_NFS_PORT", "11", "FOREBAY_S3_PORT", "12"),
            Map.of(Option.NFS_PORT, List.of("21")));

    assertThat(config.nfs().bind().getPort()).isEqualTo(21);
    assertThat(config.s3().bind().getPort()).isEqualTo(12);
    assertThat(config.admin().getPort()).isEqualTo(3);
  }

  @Test
  void theFileMayBeNamedByAVariable() throws Exception {
    Path file = file("[nfs]\nport = 1234\n");

    GatewayConfig config =
        ConfigReader.read(Optional.empty(), Map.of("FOREBAY_CONFIG", file.toString()), Map.of());

    assertThat(config.nfs().bind().getPort()).isEqualTo(1234);
  }

  @Test
  void listsInVariablesAndFlagsAreSeparatedBySemicolons() throws Exception {
    GatewayConfig config =
        ConfigReader.read(
            Optional.empty(),
            Map.of("FOREBAY_NFS_EXPORTS", "/a 10.0.0.0/8(rw,no_root_squash); /b *(ro)"),
            Map.of(Option.CACHE_DIRECTORIES, List.of("/one;/two", "/three")));

    assertThat(config.nfs().exports()).extracting("path").containsExactly("/a", "/b");
    assertThat(config.engine().cacheDirectories())
        .containsExactly(Path.of("/one"), Path.of("/two"), Path.of("/three"));
  }

  @Test
  void anEmptyVariableIsNone() throws Exception {
    GatewayConfig config =
        ConfigReader.read(Optional.empty(), Map.of("FOREBAY_NFS_PORT", ""), Map.of());

    assertThat(config.nfs().bind().getPort()).isEqualTo(2049);
  }

  @Test
  void aCacheNobodyWantsIsAnEmptyList() throws Exception {
    assertThat(read("[cache]\ndirectories = []\n").engine().cacheDirectories()).isEmpty();
  }

  @Test
  void everyMistakeOfAFileIsReportedAtOnceWithItsLine() throws Exception {
    assertThat(
            problems(
                """
                data = "/tmp/x"
                durabilty = "local"
                capacity = "lots"

                [nfs]
                # port = 1
                port = 70000
                lease = 90
                exports = [
                  "/ *(rw)",
                  "/data host.example.com(rw)",
                ]
                grace = "1500 ms"

                [cache]
                budget = "1MiB"
                directories = "/one"

                [metrics]
                port = 1
                [s3]
                object_mode = "rw"
                bind = "localhost"
                """))
        .containsExactlyInAnyOrder(
            "forebay.toml:2: there is no option durabilty; did you mean durability?",
            "forebay.toml:3: capacity: \"lots\" is not a size such as 512MiB or 3TiB",
            "forebay.toml:7: nfs.port: 70000 is out of range: it is an integer, 0 to 65,535",
            "forebay.toml:8: nfs.lease is a duration, 1s to 1h, a text in quotes",
            "forebay.toml:9: nfs.exports: in \"/data host.example.com(rw)\": \"host.example.com\""
                + " is not an address (10.1.2.3), a range (10.0.0.0/8) or *",
            "forebay.toml:16: cache.budget: 1MiB is out of range: it is a size, 64MiB to 1PiB",
            "forebay.toml:17: cache.directories is a list of paths: an array of texts in quotes",
            "forebay.toml:19: there is no option metrics",
            "forebay.toml:22: s3.object_mode: \"rw\" is not an octal mode such as 0644",
            "forebay.toml:23: s3.bind: \"localhost\" is not an IP address (127.0.0.1; 0.0.0.0 for"
                + " all, :: with IPv6)");
  }

  @Test
  void linesAreFoundBehindTextsThatLookLikeKeys() throws Exception {
    assertThat(
            problems(
                """
                data = '''
                nfs.port = 1
                [nfs]
                '''
                nfs.exports = [ "/ *",
                  "/b *" ]
                nfs.port = -1
                "s3" = { port = 99999 }
                [admin]
                    port    = "x" # port = 1
                """))
        .containsExactlyInAnyOrder(
            "forebay.toml:7: nfs.port: -1 is out of range: it is an integer, 0 to 65,535",
            "forebay.toml:8: s3.port: 99999 is out of range: it is an integer, 0 to 65,535",
            "forebay.toml:10: admin.port: \"x\" is not an integer");
  }

  @Test
  void theLastLineNeedsNoLineFeed() throws Exception {
    assertThat(problems("[nfs]\nport = -1"))
        .singleElement()
        .asString()
        .startsWith("forebay.toml:2:");
  }

  @Test
  void brokenSyntaxIsReportedWithItsLine() throws Exception {
    assertThat(problems("[nfs]\nport = 1\nbind = \"0.0.0.0\nlease = \"1s\"\n"))
        .singleElement()
        .asString()
        .startsWith("forebay.toml:3: ");
    assertThat(problems("[nfs]\nport = 1\nport = 2\n"))
        .singleElement()
        .asString()
        .matches("forebay.toml:3: .*[Dd]uplicate.*");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertThat(problems(Optional.of(directory.resolve("missing.toml")), Map.of(), Map.of()))
        .singleElement()
        .asString()
        .endsWith("missing.toml: there is no such file");
    assertThat(problems(Optional.of(directory), Map.of(), Map.of()))
        .singleElement()
        .asString()
        .startsWith(directory + ": cannot be read: ");
  }

  @Test
  void mistakesOfAllSourcesAreReportedEvenWhereAStrongerSourceIsRight() throws Exception {
    assertThat(
            problems(
                Optional.of(file("[nfs]\nport = -1\n")),
                Map.of("FOREBAY_S3_PORT", "x", "FOREBAY_DURABILITY", "cloud"),
                Map.of(Option.NFS_PORT, List.of("1"), Option.BUCKET_URL, List.of("ftp://x/"))))
        .containsExactlyInAnyOrder(
            directory
                + "/forebay.toml:2: nfs.port: -1 is out of range: it is an integer, 0 to"
                + " 65,535",
            "variable FOREBAY_S3_PORT: s3.port: \"x\" is not an integer",
            "variable FOREBAY_DURABILITY: durability: \"cloud\" is not one of local, bucket",
            "--bucket-url: bucket_url: \"ftp://x/\" is neither file:///DIR nor"
                + " s3://BUCKET/PREFIX?endpoint=...&region=...");
  }

  @Test
  void whatContradictsOtherOptionsIsReportedWhereItWasSaid() throws Exception {
    assertThat(
            problems(
                """
                [root]
                access_key = "ONLYTHEID"
                [nfs]
                port = 9000
                lease = "1500ms"
                exports = ["/ *", "/ 10.0.0.0/8"]
                [cache]
                directories = ["/one", "/one/"]
                """))
        .containsExactlyInAnyOrder(
            "forebay.toml:2: root.access_key: needs root.secret_key, which is not set",
            "default of s3.port: 9000 is also nfs.port",
            "forebay.toml:5: nfs.lease: it is in whole seconds",
            "forebay.toml:6: nfs.exports: two exports have the path /",
            "forebay.toml:8: cache.directories: /one is named twice");
  }

  @Test
  void aSecretIsNeverPartOfAMessage() throws Exception {
    String secret = "blanks are not allowed";

    List<String> said =
        problems(
            Optional.of(file("[root]\nsecret_key = \"" + secret + "\"\n")), Map.of(), Map.of());

    assertThat(said).isNotEmpty().noneMatch(problem -> problem.contains(secret));
  }

  @Test
  void portZeroIsFreeForAll() throws Exception {
    GatewayConfig config = read("nfs.port = 0\ns3.port = 0\nadmin.port = 0\n");

    assertThat(config.nfs().bind().getPort()).isZero();
    assertThat(config.s3().bind().getPort()).isZero();
  }

  @Test
  void variablesThatAreNoOptionsAreFoundAndTheLaunchersAreNot() {
    assertThat(
            ConfigReader.unknownVariables(
                Map.of(
                    "FOREBAY_NFS_PROT",
                    "1",
                    "FOREBAY_NFS_PORT",
                    "1",
                    "FOREBAY_NO_BUILD",
                    "1",
                    "HOME",
                    "/")))
        .containsExactly("FOREBAY_NFS_PROT");
  }

  @Test
  void anEmptyListOfExportsIsRefused() {
    assertThatThrownBy(() -> read("nfs.exports = []\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("nothing to export");
  }
}
