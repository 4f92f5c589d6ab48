package dev.vectorstore;

/**
 * What {@link VectorCollection#patchPayload} did.
 *
 * @param patched how many records were changed
 * @param missing how many of the ids aren't there; they were ignored
 */
public record PatchReport(long patched, long missing) {}
