package dev.vectorstore.supabase;

/** Whether a lost answer leaves something in doubt. */
enum Access {
  READ,
  WRITE
}
