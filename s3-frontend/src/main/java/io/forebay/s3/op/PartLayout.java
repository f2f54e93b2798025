package io.forebay.s3.op;

import io.forebay.engine.ByteRange;
import io.forebay.engine.ObjectInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The parts an object was put in, for clients that read it part by part. Kept beside its checksums,
 * since like them it holds as long as the content does.
 */
public final class PartLayout {
  /** The name among what the engine keeps of a content. */
  public static final String KEY = "parts";

  /** Layouts without any regularity are not worth more. */
  private static final int MAX_LENGTH = 1024;

  /** So many parts of one size in a row. */
  private record Run(long size, int count) {}

  private final List<Run> runs;

  private PartLayout(List<Run> runs) {
    this.runs = List.copyOf(runs);
  }

  /** Of the sizes of all parts in order. */
  public static PartLayout of(List<Long> sizes) {
    List<Run> runs = new ArrayList<>();
    for (long size : sizes) {
      Run last = runs.isEmpty() ? new Run(-1, 0) : runs.getLast();
      if (last.size() == size) {
        runs.set(runs.size() - 1, new Run(size, last.count() + 1));
      } else {
        runs.add(new Run(size, 1));
      }
    }
    return new PartLayout(runs);
  }

  /** Of an object; empty when it is not known. */
  public static Optional<PartLayout> of(ObjectInfo info) {
    return Optional.ofNullable(info.properties().checksums().get(KEY)).map(PartLayout::parse);
  }

  private static PartLayout parse(String text) {
    List<Run> runs = new ArrayList<>();
    for (String each : text.split(",")) {
      int times = each.indexOf('*');
      runs.add(
          new Run(
              Long.parseLong(each.substring(0, times)),
              Integer.parseInt(each.substring(times + 1))));
    }
    return new PartLayout(runs);
  }

  /** To be kept: {@code 8388608*11,1234*1}; empty when it is too irregular. */
  public Optional<String> text() {
    StringBuilder text = new StringBuilder();
    for (Run run : runs) {
      text.append(text.isEmpty() ? "" : ",").append(run.size()).append('*').append(run.count());
      if (text.length() > MAX_LENGTH) {
        return Optional.empty();
      }
    }
    return Optional.of(text.toString());
  }

  /** How many parts there are. */
  public int count() {
    return runs.stream().mapToInt(Run::count).sum();
  }

  /**
   * Where a part lies.
   *
   * @param number from 1, counted without gaps
   * @return empty when there are fewer
   */
  public Optional<ByteRange> part(int number) {
    long offset = 0;
    int before = number - 1;
    for (Run run : runs) {
      if (before < run.count()) {
        return Optional.of(new ByteRange(offset + before * run.size(), run.size()));
      }
      before -= run.count();
      offset += run.count() * run.size();
    }
    return Optional.empty();
  }
}
