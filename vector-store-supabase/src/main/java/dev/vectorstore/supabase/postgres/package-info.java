/**
 * A connection to Postgres as a transport: {@code PostgresFunctions} calls our functions, {@code
 * PostgresTables} reads tables, both by {@code PostgresClient}. The only place with JDBC. Not API.
 */
@NullMarked
package dev.vectorstore.supabase.postgres;

import org.jspecify.annotations.NullMarked;
