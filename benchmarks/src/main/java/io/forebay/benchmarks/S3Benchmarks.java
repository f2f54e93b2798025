package io.forebay.benchmarks;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** GET and PUT against nginx and the bare directory bucket. */
final class S3Benchmarks {
  private static final List<SizeClass> SIZES =
      List.of(
          new SizeClass("4 KiB", 4 << 10, 256, 20_000, 16),
          new SizeClass("1 MiB", 1 << 20, 64, 4_000, 8),
          new SizeClass("64 MiB", 64 << 20, 4, 64, 4));

  private final Fixture fixture;
  private final Report report;

  S3Benchmarks(Fixture fixture, Report report) {
    this.fixture = fixture;
    this.report = report;
  }

  /** A server runs for months: what is measured is compiled code, as far as that goes. */
  private void warmUp() throws Exception {
    SizeClass size = new SizeClass("warm-up", 4 << 10, 1, 60_000, 16).scaled(fixture.quick());
    List<URI> urls = signed(fixture.fill(size));
    gets(fixture.gateway().s3Port(), urls, size.operations(), size.concurrency());
  }

  void get() throws Exception {
    warmUp();
    for (SizeClass full : SIZES) {
      SizeClass size = full.scaled(fixture.quick());
      List<String> names = fixture.fill(size);
      double nginx = getFromNginx(size, names);
      getWarm(size, names, nginx);
      double bare = getFromDirectory(size, names);
      getCold(size, names, bare);
    }
  }

  private double getFromNginx(SizeClass size, List<String> names) throws Exception {
    if (fixture.nginx().isEmpty()) {
      return Double.NaN;
    }
    Nginx nginx = fixture.nginx().get();
    List<URI> urls =
        names.stream()
            .map(name -> URI.create("http://127.0.0.1:" + nginx.port() + "/" + name))
            .toList();
    gets(nginx.port(), urls, names.size(), size.concurrency());
    double before = nginx.cpuSeconds();
    Measurement measured = gets(nginx.port(), urls, size.operations(), size.concurrency());
    double cpu = nginx.cpuSeconds() - before;
    report.add(
        new Report.Line(
            "GET " + size.label() + " warm", "nginx", measured, cpu, Double.NaN, Double.NaN));
    return measured.operationsPerSecond();
  }

  private void getWarm(SizeClass size, List<String> names, double peer) throws Exception {
    GatewayProcess gateway = fixture.gateway();
    List<URI> urls = signed(names);
    gets(gateway.s3Port(), urls, Math.max(names.size(), size.operations() / 4), size.concurrency());
    line(
        "GET " + size.label() + " warm",
        peer,
        () -> gets(gateway.s3Port(), urls, size.operations(), size.concurrency()));
  }

  private void getCold(SizeClass size, List<String> names, double peer) throws Exception {
    fixture.gateway().restartCold();
    warmUp();
    List<URI> urls = signed(names);
    line(
        "GET " + size.label() + " cold",
        peer,
        () -> gets(fixture.gateway().s3Port(), urls, names.size(), size.concurrency()));
  }

  private List<URI> signed(List<String> names) {
    try (SignedUrls urls = new SignedUrls(fixture.gateway().s3Port(), Fixture.BUCKET)) {
      return names.stream().map(urls::get).toList();
    }
  }

  private static Measurement gets(int port, List<URI> urls, int operations, int concurrency)
      throws Exception {
    return Load.run(
        operations,
        concurrency,
        () -> {
          HttpConnection connection = new HttpConnection(port);
          return new Load.Worker() {
            @Override
            public long run(int index) throws Exception {
              return connection.get(urls.get(index % urls.size()), "");
            }

            @Override
            public void close() throws IOException {
              connection.close();
            }
          };
        });
  }

  /** Reading the same bytes straight from a directory: what the bare bucket would give. */
  private double getFromDirectory(SizeClass size, List<String> names) throws Exception {
    Measurement measured =
        Load.run(
            names.size(),
            size.concurrency(),
            () -> worker(index -> copyToNowhere(fixture.plain().resolve(names.get(index)))));
    report.add(
        new Report.Line(
            "GET " + size.label() + " cold",
            "directory",
            measured,
            Double.NaN,
            Double.NaN,
            Double.NaN));
    return measured.operationsPerSecond();
  }

  private static long copyToNowhere(Path file) throws Exception {
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ);
        WritableByteChannel nowhere = Channels.newChannel(OutputStream.nullOutputStream())) {
      return in.transferTo(0, in.size(), nowhere);
    }
  }

  void put() throws Exception {
    for (SizeClass full : SIZES) {
      SizeClass size = full.scaled(fixture.quick());
      int operations = Math.max(8, size.operations() / 8);
      byte[] body = Fixture.bytes(size.bytes(), size.bytes());
      Measurement disk =
          Load.run(
              operations,
              size.concurrency(),
              () ->
                  worker(index -> {
                    fixture.writeDurably("put-" + index % 64, body);
                    return body.length;
                  }));
      report.add(
          new Report.Line(
              "PUT " + size.label(), "fdatasync", disk, Double.NaN, Double.NaN, Double.NaN));
      Measurement unused = puts(signedPuts(size, "warm-up", operations), body, size);
      List<URI> urls = signedPuts(size, "put", operations);
      line("PUT " + size.label(), disk.operationsPerSecond(), () -> puts(urls, body, size));
    }
  }

  private List<URI> signedPuts(SizeClass size, String prefix, int operations) {
    List<URI> urls = new ArrayList<>();
    try (SignedUrls signer = new SignedUrls(fixture.gateway().s3Port(), Fixture.BUCKET)) {
      for (int i = 0; i < operations; i++) {
        urls.add(signer.put(prefix + "/" + size.bytes() + "/" + i));
      }
    }
    return urls;
  }

  private Measurement puts(List<URI> urls, byte[] body, SizeClass size) throws Exception {
    return Load.run(
        urls.size(),
        size.concurrency(),
        () -> {
          HttpConnection connection = new HttpConnection(fixture.gateway().s3Port());
          return new Load.Worker() {
            @Override
            public long run(int index) throws Exception {
              return connection.put(urls.get(index), body);
            }

            @Override
            public void close() throws IOException {
              connection.close();
            }
          };
        });
  }

  private interface Operation {
    long run(int index) throws Exception;
  }

  private static Load.Worker worker(Operation operation) {
    return new Load.Worker() {
      @Override
      public long run(int index) throws Exception {
        return operation.run(index);
      }

      @Override
      public void close() {}
    };
  }

  private interface Measured {
    Measurement run() throws Exception;
  }

  private void line(String benchmark, double peer, Measured load) throws Exception {
    GatewayProcess gateway = fixture.gateway();
    double cpu = gateway.cpuSeconds();
    double requests = gateway.bucketRequests();
    Measurement measured = load.run();
    report.add(
        new Report.Line(
            benchmark,
            "forebay",
            measured,
            gateway.cpuSeconds() - cpu,
            gateway.bucketRequests() - requests,
            measured.operationsPerSecond() / peer));
  }
}
