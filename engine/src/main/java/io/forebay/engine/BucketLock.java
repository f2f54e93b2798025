package io.forebay.engine;

import java.time.Period;

/**
 * Object lock of a bucket. Once on, it stays on.
 *
 * @param mode of the retention that new versions get; NONE: none
 * @param retention how long, in days or in years; zero without a mode
 */
public record BucketLock(ObjectLock.Mode mode, Period retention) {
  public static final BucketLock WITHOUT_DEFAULT =
      new BucketLock(ObjectLock.Mode.NONE, Period.ZERO);

  /** Days in a year of a retention, as S3 counts. */
  private static final int DAYS_IN_YEAR = 365;

  /** The retention in days. */
  public long days() {
    return retention.getDays() + (long) DAYS_IN_YEAR * retention.getYears();
  }
}
