/**
 * Collections that our SQL manages, over any transport: what its functions take and answer. Start
 * with {@code ManagedStore} and {@code ManagedCollection}; {@code Functions} is the transport, and
 * {@code SqlErrors} the one table of SQLSTATEs. No HTTP and no JDBC. Not API.
 */
@NullMarked
package dev.vectorstore.supabase.managed;

import org.jspecify.annotations.NullMarked;
