package dev.vectorstore.migration;

import dev.vectorstore.RecordIssue;
import java.util.List;
import java.util.Optional;

/**
 * Some records of the source, and where to go on behind them.
 *
 * @param records the records
 * @param issues what the source says about them and about those that it couldn't read
 * @param next the cursor behind them, or empty at the end
 */
record SourcePage(List<SizedRecord> records, List<RecordIssue> issues, Optional<String> next) {}
