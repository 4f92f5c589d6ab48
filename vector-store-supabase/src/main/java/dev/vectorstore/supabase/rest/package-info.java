/**
 * PostgREST as a transport: {@code RestFunctions} calls our functions, {@code RestTables} reads
 * tables, both by {@code RestClient}. The only place with HTTP. Not API.
 */
@NullMarked
package dev.vectorstore.supabase.rest;

import org.jspecify.annotations.NullMarked;
