package io.forebay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.AccessKey;
import io.forebay.engine.Caller;
import io.forebay.gateway.config.ConfigReader;
import io.forebay.gateway.config.Option;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BannerTest {
  private static final AccessKey KEY =
      new AccessKey("ROOTKEY", "the-secret-key", Caller.ROOT, "root", 1, true);

  private static String banner(boolean isGenerated, AccessKey key, String bind, String... exports)
      throws Exception {
    Map<Option<?>, List<String>> flags =
        exports.length == 0 ? Map.of() : Map.of(Option.NFS_EXPORTS, List.of(exports));
    InetAddress address = InetAddress.ofLiteral(bind);
    return Banner.text(
        "1.2.3",
        ConfigReader.read(Optional.empty(), Map.of(), flags),
        new Endpoints(
            new InetSocketAddress(address, 12049),
            new InetSocketAddress(address, 19000),
            new InetSocketAddress(address, 19090)),
        new RootKey(key, isGenerated),
        "box");
  }

  @Test
  void commandsCanBePasted() throws Exception {
    assertThat(banner(true, KEY, "127.0.0.1").lines().map(String::strip))
        .contains(
            "NFS     sudo mount -t nfs4 -o port=12049 127.0.0.1:/ /mnt",
            "S3      export AWS_ACCESS_KEY_ID=ROOTKEY AWS_SECRET_ACCESS_KEY=the-secret-key"
                + " AWS_DEFAULT_REGION=us-east-1",
            "aws --endpoint-url http://127.0.0.1:19000 s3 mb s3://data",
            "aws --endpoint-url http://127.0.0.1:19000 s3 ls",
            "health  curl http://127.0.0.1:19090/readyz");
  }

  @Test
  void aConfiguredSecretIsNeverPrinted() throws Exception {
    assertThat(banner(false, KEY, "127.0.0.1"))
        .contains("ROOTKEY")
        .doesNotContain("the-secret-key");
  }

  @Test
  void aDisabledKeyIsSaidToBe() throws Exception {
    AccessKey disabled = new AccessKey("ROOTKEY", "the-secret", Caller.ROOT, "root", 1, false);

    assertThat(banner(true, disabled, "127.0.0.1")).contains("disabled");
  }

  @Test
  void otherMachinesAreToldThisOnesNameAndEveryExport() throws Exception {
    assertThat(banner(true, KEY, "0.0.0.0", "\"/two words\" *", "/a *"))
        .contains(
            "port=12049 'box:/two words' /mnt", "port=12049 box:/a /mnt", "http://box:19000 s3 ls")
        .doesNotContain("0.0.0.0");
  }

  @Test
  void manyExportsAreCounted() throws Exception {
    assertThat(banner(true, KEY, "::1", "/a *", "/b *", "/c *", "/d *", "/e *", "/f *", "/g *"))
        .contains("[0:0:0:0:0:0:0:1]:/e /mnt", "and 2 more")
        .doesNotContain(":/f");
  }
}
