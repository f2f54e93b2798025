package io.forebay.gateway;

import io.forebay.engine.AccessKey;
import io.forebay.gateway.config.GatewayConfig;
import io.forebay.nfs.Export;
import java.net.InetSocketAddress;
import java.util.List;

/** What a start prints for whoever sits before it: commands to paste. */
final class Banner {
  private static final int MAX_EXPORTS = 5;

  private Banner() {}

  /**
   * The text.
   *
   * @param hostName of this machine, for clients elsewhere
   */
  static String text(
      String version, GatewayConfig config, Endpoints endpoints, RootKey root, String hostName) {
    StringBuilder text = new StringBuilder();
    text.append("Forebay ").append(version).append(" serves\n\n");
    text.append("  data    ").append(config.engine().dataDirectory()).append('\n');
    text.append("  bucket  ").append(config.engine().bucketUrl()).append("\n\n");
    appendNfs(text, config.nfs().exports(), endpoints.nfs(), hostName);
    appendS3(text, Endpoints.url(endpoints.s3(), hostName), config.s3().region(), root);
    text.append("  health  curl ").append(Endpoints.url(endpoints.admin(), hostName));
    text.append("/readyz\n\nCtrl-C stops.\n");
    return text.toString();
  }

  private static void appendNfs(
      StringBuilder text, List<Export> exports, InetSocketAddress nfs, String hostName) {
    String label = "  NFS     ";
    for (Export export : exports.subList(0, Math.min(MAX_EXPORTS, exports.size()))) {
      text.append(label).append("sudo mount -t nfs4 -o port=").append(nfs.getPort()).append(' ');
      text.append(quoted(Endpoints.bracketed(Endpoints.host(nfs, hostName)) + ":" + export.path()));
      text.append(" /mnt\n");
      label = "          ";
    }
    if (exports.size() > MAX_EXPORTS) {
      text.append(label).append("and ").append(exports.size() - MAX_EXPORTS).append(" more\n");
    }
    text.append('\n');
  }

  private static void appendS3(StringBuilder text, String url, String region, RootKey root) {
    AccessKey key = root.key();
    String aws = "aws --endpoint-url " + url;
    String secret = root.isGenerated() ? key.secret() : "...";
    text.append("  S3      export AWS_ACCESS_KEY_ID=").append(key.id());
    text.append(" AWS_SECRET_ACCESS_KEY=").append(secret);
    text.append(" AWS_DEFAULT_REGION=").append(region);
    text.append(root.isGenerated() ? "\n" : "   # the secret that was configured\n");
    if (!key.enabled()) {
      text.append("          # this key is disabled\n");
    }
    text.append("          ").append(aws).append(" s3 mb s3://data\n");
    text.append("          ").append(aws).append(" s3 ls\n\n");
  }

  /** For a shell, where it needs to be. */
  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./:\\[\\]-]*") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
