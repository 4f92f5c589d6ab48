package dev.vectorstore.migration;

import java.util.List;

/**
 * The rows of a page, those that can be moved apart from those that can't.
 *
 * @param items what can be moved
 * @param rejects what can't
 * @param read all rows of the page
 * @param withoutVector items without a vector
 * @param asText where numbers are kept as text, for people
 */
record SortedPage(
    List<MappedRecord> items,
    List<Reject> rejects,
    long read,
    long withoutVector,
    List<String> asText) {}
