/**
 * The engine in your own process, on Apache Lucene.
 *
 * <p>Read {@code EmbeddedEngine} and {@code CollectionIndex} first: a collection is one index with
 * one writer, and readers see one state of it ({@code Snapshots}). {@code Documents} and {@code
 * PayloadFacts} are what is indexed, {@code FilterCompiler} and {@code FactTerms} how filters find
 * it; {@code EmbeddedSearches}, {@code NearestSearch} and {@code RankedSearch} search, {@code
 * ScanPage} scans. {@code Deadline} ends what takes too long.
 */
@NullMarked
package dev.vectorstore.embedded;

import org.jspecify.annotations.NullMarked;
