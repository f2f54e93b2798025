/**
 * Macro benchmarks: a real gateway process under a bounded load, beside peers on the same bytes in
 * the same run. Depends on the JDK, the AWS SDK (for signing) and nothing of the gateway's insides.
 */
@NullMarked
package io.forebay.benchmarks;

import org.jspecify.annotations.NullMarked;
