package dev.vectorstore.migration;

/**
 * What the collections of one run of a copy share.
 *
 * @param checkpoint how far each has come
 * @param rejects takes the rows that can't be moved
 * @param stop says that the run shall end early
 * @param rate slows the run down
 * @param meter tells of progress
 */
record CopyContext(
    Checkpoint checkpoint, Rejects rejects, StopSignal stop, RateLimit rate, ProgressMeter meter) {}
