/**
 * Fakes for tests of all modules: a clock that stands still, a bucket in memory, a bucket and disks
 * that fail on demand. No mocks: each keeps the contract of what it stands for, until it is told
 * not to. Whatever is random has a seed that is printed and comes back by {@code -Dforebay.seed}.
 */
@NullMarked
package io.forebay.testkit;

import org.jspecify.annotations.NullMarked;
