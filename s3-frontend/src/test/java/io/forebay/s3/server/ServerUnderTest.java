package io.forebay.s3.server;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.AccessKey;
import io.forebay.engine.Caller;
import io.forebay.engine.Durability;
import io.forebay.engine.Identity;
import io.forebay.engine.ObjectView;
import io.forebay.engine.assembly.Engine;
import io.forebay.engine.assembly.EngineConfig;
import io.forebay.engine.assembly.EngineWiring;
import io.forebay.s3.S3Config;
import io.forebay.s3.S3Limits;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** A server on loopback over a real engine in a directory. */
final class ServerUnderTest implements AutoCloseable {
  static final AccessKey ROOT =
      new AccessKey("forebayroot", "rootsecretrootsecret", Caller.ROOT, "root", 0, true);
  static final AccessKey USER =
      new AccessKey("forebayuser", "usersecretusersecret", Caller.of(1001, 1001), "", 0, true);
  static final AccessKey DISABLED =
      new AccessKey("forebaygone", "gonesecretgonesecret", Caller.ROOT, "", 0, false);

  private final Engine engine;
  private final S3Server server;
  private final InetSocketAddress address;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  private ServerUnderTest(Engine engine, S3Config config) throws IOException {
    this.engine = engine;
    Identity identity = engine.identity();
    identity.putAccessKey(ROOT);
    identity.putAccessKey(USER);
    identity.putAccessKey(DISABLED);
    this.server =
        new S3Server(
            config,
            engine.objects(Durability.LOCAL),
            identity,
            TimeSource.system(),
            new SecureRandom(),
            meters);
    this.address = server.start();
  }

  static ServerUnderTest start(Path directory) throws IOException {
    return start(directory, S3Limits.DEFAULT, Optional.empty());
  }

  static ServerUnderTest start(Path directory, S3Limits limits, Optional<String> suffix)
      throws IOException {
    EngineConfig engine =
        EngineConfig.defaults(directory.resolve("data"), directory.resolve("bucket").toUri());
    S3Config config =
        new S3Config(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            S3Config.DEFAULT_REGION,
            suffix,
            limits);
    return new ServerUnderTest(
        EngineWiring.open(
            engine, TimeSource.system(), new SecureRandom(), new SimpleMeterRegistry()),
        config);
  }

  InetSocketAddress address() {
    return address;
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + address.getPort());
  }

  S3Server server() {
    return server;
  }

  SimpleMeterRegistry meters() {
    return meters;
  }

  ObjectView objects() {
    return engine.objects(Durability.LOCAL);
  }

  Identity identity() {
    return engine.identity();
  }

  static StaticCredentialsProvider credentials(AccessKey key) {
    return StaticCredentialsProvider.create(AwsBasicCredentials.create(key.id(), key.secret()));
  }

  S3Client client() {
    return client(ROOT, S3Configuration.builder().pathStyleAccessEnabled(true).build());
  }

  S3Client client(AccessKey key, S3Configuration configuration) {
    return S3Client.builder()
        .endpointOverride(endpoint())
        .region(Region.US_EAST_1)
        .credentialsProvider(credentials(key))
        .serviceConfiguration(configuration)
        .build();
  }

  S3Presigner presigner() {
    return S3Presigner.builder()
        .endpointOverride(endpoint())
        .region(Region.US_EAST_1)
        .credentialsProvider(credentials(ROOT))
        .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(true).build())
        .build();
  }

  @Override
  public void close() {
    server.close();
    engine.close();
  }
}
