package io.forebay.gateway;

import io.forebay.ambient.TimeSource;
import java.util.random.RandomGenerator;

/**
 * What a gateway takes from its surroundings.
 *
 * @param time the clock
 * @param random thread-safe and unpredictable
 * @param pid of this process
 * @param hostName of this machine, to show
 * @param version of this program, to show
 */
record World(TimeSource time, RandomGenerator random, long pid, String hostName, String version) {}
