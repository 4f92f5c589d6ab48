/**
 * The engine over a Qdrant server.
 *
 * <p>Read {@code QdrantEngine} and {@code QdrantCollection} first, then {@code Layout}: how a
 * collection is laid out there, with our own keys ({@code Reserved}) and description ({@code
 * Metadata}). {@code Connection} calls, {@code GrpcErrors} knows what an error means. Reads: {@code
 * Queries}, {@code SearchReads}, {@code Reads}, {@code Decoder}. Writes: {@code Writes}, {@code
 * PointWriter}, {@code Patch}, {@code Deletes}. Filters: {@code FilterCompiler} and {@code
 * Conditions}.
 */
@NullMarked
package dev.vectorstore.qdrant;

import org.jspecify.annotations.NullMarked;
