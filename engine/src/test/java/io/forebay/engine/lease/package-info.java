/** Who owns a volume, under every fault a bucket, a clock or a pause can produce. */
@NullMarked
package io.forebay.engine.lease;

import org.jspecify.annotations.NullMarked;
