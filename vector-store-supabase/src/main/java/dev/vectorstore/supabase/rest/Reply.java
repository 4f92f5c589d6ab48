package dev.vectorstore.supabase.rest;

import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A successful answer, its body not read yet. Closing it early drops the connection.
 *
 * @param body JSON
 * @param total how many rows there are, where that was asked for
 * @param schema what it is about, which a PostgREST that serves several says
 */
record Reply(InputStream body, OptionalLong total, Optional<String> schema) {}
