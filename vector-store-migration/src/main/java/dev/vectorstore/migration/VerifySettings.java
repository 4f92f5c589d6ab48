package dev.vectorstore.migration;

import java.util.List;

/**
 * How a verification is made.
 *
 * @param queries the given queries
 * @param sample how many queries are taken from each collection's own records
 * @param seed by which the sample is drawn
 * @param k how many hits are compared
 * @param hooks who hears of it and ends it
 */
record VerifySettings(List<ParityQuery> queries, int sample, long seed, int k, RunHooks hooks) {}
