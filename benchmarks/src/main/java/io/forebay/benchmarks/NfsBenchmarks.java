package io.forebay.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Reads and creates over NFSv4.1 against nginx range requests and the local file system. */
final class NfsBenchmarks {
  private static final int MEBIBYTE = 1 << 20;
  private static final int SMALL = 4 << 10;
  private static final int FILE_BYTES = 256 << 20;

  private final Fixture fixture;
  private final Report report;

  NfsBenchmarks(Fixture fixture, Report report) {
    this.fixture = fixture;
    this.report = report;
  }

  void read() throws Exception {
    SizeClass size = new SizeClass("256 MiB", FILE_BYTES, 1, 1, 1);
    String name = fixture.fill(size).getFirst();
    int blocks = size.bytes() / MEBIBYTE;
    int passes = fixture.quick() ? 1 : 8;
    int random = fixture.quick() ? 400 : 20_000;

    warmUp();
    double nginxSequential =
        ranges("NFS read sequential 1 MiB warm", name, blocks * passes, MEBIBYTE, 4);
    reads("NFS read sequential 1 MiB warm", name, blocks * passes, MEBIBYTE, 4, nginxSequential);
    double nginxRandom = ranges("NFS read random 4 KiB warm", name, random, SMALL, 16);
    reads("NFS read random 4 KiB warm", name, random, SMALL, 16, nginxRandom);
    fixture.gateway().restartCold();
    warmUp();
    reads("NFS read sequential 1 MiB cold", name, blocks, MEBIBYTE, 4, nginxSequential);
    fixture.gateway().restartCold();
    warmUp();
    reads("NFS read random 4 KiB cold", name, Math.min(random, 2_000), SMALL, 16, nginxRandom);
  }

  private static long offset(int index, int length, long fileSize) {
    if (length == MEBIBYTE) {
      return (long) index * length % fileSize;
    }
    return new SplittableRandom(index).nextLong(fileSize / length) * length;
  }

  private double ranges(String label, String name, int operations, int length, int concurrency)
      throws Exception {
    Optional<Nginx> nginx = fixture.nginx();
    if (nginx.isEmpty()) {
      return Double.NaN;
    }
    int port = nginx.get().port();
    URI url = URI.create("http://127.0.0.1:" + port + "/" + name);
    double cpu = nginx.get().cpuSeconds();
    Measurement measured =
        Load.run(
            operations,
            concurrency,
            () -> {
              HttpConnection connection = new HttpConnection(port);
              return new Load.Worker() {
                @Override
                public long run(int index) throws Exception {
                  long from = offset(index, length, FILE_BYTES);
                  return connection.get(url, "bytes=" + from + "-" + (from + length - 1));
                }

                @Override
                public void close() throws IOException {
                  connection.close();
                }
              };
            });
    report.add(
        new Report.Line(
            label, "nginx", measured, nginx.get().cpuSeconds() - cpu, Double.NaN, Double.NaN));
    return measured.operationsPerSecond();
  }

  /** A server runs for months: what is measured is compiled code, as far as that goes. */
  private void warmUp() throws Exception {
    SizeClass size = new SizeClass("warm-up-nfs", MEBIBYTE, 1, 1, 1);
    String name = fixture.fill(size).getFirst();
    int operations = fixture.quick() ? 200 : 40_000;
    Measurement unusedSmall = load(name, size.bytes(), operations, SMALL, 16);
    Measurement unusedLarge = load(name, size.bytes(), operations / 40, MEBIBYTE, 4);
  }

  private void reads(
      String label, String name, int operations, int length, int concurrency, double peer)
      throws Exception {
    GatewayProcess gateway = fixture.gateway();
    double cpu = gateway.cpuSeconds();
    double requests = gateway.bucketRequests();
    Measurement measured = load(name, FILE_BYTES, operations, length, concurrency);
    report.add(
        new Report.Line(
            label,
            "forebay",
            measured,
            gateway.cpuSeconds() - cpu,
            gateway.bucketRequests() - requests,
            measured.operationsPerSecond() / peer));
  }

  private Measurement load(String name, int fileBytes, int operations, int length, int concurrency)
      throws Exception {
    return Load.run(
        operations,
        concurrency,
        () -> {
          NfsConnection connection = connect();
          NfsConnection.Opened file = connection.openForReading(Fixture.BUCKET, name);
          return new Load.Worker() {
            @Override
            public long run(int index) throws Exception {
              int n = connection.read(file, offset(index, length, fileBytes), length);
              if (n != length) {
                throw new IOException("a short read of " + n);
              }
              return n;
            }

            @Override
            public void close() throws IOException {
              connection.close(file);
              connection.close();
            }
          };
        });
  }

  private NfsConnection connect() throws IOException {
    return new NfsConnection(
        fixture.gateway().nfsPort(),
        "benchmark-" + Thread.currentThread().threadId() + "-" + System.nanoTime());
  }

  void create() throws Exception {
    byte[] body = Fixture.bytes(1, SMALL);
    for (int concurrency : List.of(1, 64)) {
      int operations = fixture.quick() ? 200 : concurrency == 1 ? 1_000 : 16_000;
      String label = "NFS create 4 KiB x" + concurrency;
      Measurement local =
          Load.run(
              operations,
              concurrency,
              () ->
                  new Load.Worker() {
                    @Override
                    public long run(int index) throws Exception {
                      fixture.writeDurably("create-" + concurrency + "-" + index, body);
                      return SMALL;
                    }

                    @Override
                    public void close() {}
                  });
      report.add(new Report.Line(label, "local fsync", local, Double.NaN, Double.NaN, Double.NaN));
      Measurement unused = creates("warm-up-" + concurrency, operations, concurrency, body);
      measureCreates(label, operations, concurrency, body, local.operationsPerSecond());
    }
  }

  private void measureCreates(
      String label, int operations, int concurrency, byte[] body, double peer) throws Exception {
    GatewayProcess gateway = fixture.gateway();
    double cpu = gateway.cpuSeconds();
    double requests = gateway.bucketRequests();
    Measurement measured = creates("create-" + concurrency, operations, concurrency, body);
    report.add(
        new Report.Line(
            label,
            "forebay",
            measured,
            gateway.cpuSeconds() - cpu,
            gateway.bucketRequests() - requests,
            measured.operationsPerSecond() / peer));
  }

  private Measurement creates(String prefix, int operations, int concurrency, byte[] body)
      throws Exception {
    return Load.run(
        operations,
        concurrency,
        () -> {
          NfsConnection connection = connect();
          return new Load.Worker() {
            @Override
            public long run(int index) throws Exception {
              NfsConnection.Opened file = connection.create(Fixture.BUCKET, prefix + "-" + index);
              connection.writeDurably(file, 0, body, SMALL);
              connection.close(file);
              return SMALL;
            }

            @Override
            public void close() throws IOException {
              connection.close();
            }
          };
        });
  }
}
