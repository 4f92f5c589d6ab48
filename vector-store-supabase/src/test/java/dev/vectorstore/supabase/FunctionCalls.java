package dev.vectorstore.supabase;

/** Calls of our functions as statements of SQL, as anybody may write them. */
final class FunctionCalls {
  private FunctionCalls() {}

  static String adopt(String table) {
    return "select public.vector_store_adopt('{\"table\": \"" + table + "\"}') is not null;";
  }

  static String call(String function, String request) {
    return "select public.vector_store_" + function + "('" + request + "');";
  }
}
