/**
 * The servers that our own tests and benchmarks run against; not published.
 *
 * <p>{@link dev.vectorstore.testservers.TestEngine} says whether this machine has an engine, and
 * {@link dev.vectorstore.testservers.RequiresEngine} makes a test say that it needs one. {@link
 * dev.vectorstore.testservers.KillableServer}s are real: Qdrant and a cluster of it, Postgres,
 * PgBouncer, PostgREST, and the store that people have on Supabase ({@link
 * dev.vectorstore.testservers.ExistingSupabaseStore}). {@link
 * dev.vectorstore.testservers.ScriptedHttpServer} and {@link
 * dev.vectorstore.testservers.ScriptedGrpcServer} answer what a real one answers on its bad days
 * only.
 */
@NullMarked
package dev.vectorstore.testservers;

import org.jspecify.annotations.NullMarked;
