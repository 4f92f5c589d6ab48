package dev.vectorstore.cli;

import java.util.Set;
import java.util.regex.Pattern;

/** The areas of SQLite's documentation: each is one source of the corpus. The first match wins. */
enum DocArea {
  LANG(
      "sqlite.org/lang",
      "The SQL language that SQLite understands: statements, expressions, functions, data types,"
          + " pragmas, and how the query planner runs them.",
      "(lang_.*|pragma|datatype3|windowfunctions|rowvalue|withoutrowid|rowidtable|partialindex"
          + "|expridx|gencol|stricttables|foreignkeys|autoinc|nulls|omitted|quirks|optoverview"
          + "|queryplanner.*|eqp|schematab|printf|json1|floatingpoint|keyword.*|syntax|faq"
          + "|flextypegood|deterministic|np1queryprob|qmplan|conflict|invalidutf|uri|limits)"),
  C_API(
      "sqlite.org/c3ref",
      "The C language interface of SQLite: every function, object and constant, the result codes,"
          + " and the session extension.",
      "(c3ref/.*|session/.*|sessionintro|cintro|capi3|c_interface|rescode|appfunc|bindptr|backup"
          + "|unlock_notify|errlog|compile|loadext|carray|threadsafe|sharedcache|custombuild"
          + "|howtocompile|amalgamation|mingw|34to35|35to36|vfs|asyncvfs)"),
  EXTENSIONS(
      "sqlite.org/extensions",
      "Extensions and virtual tables: full text search (FTS3 to FTS5), R-Tree, Geopoly, CSV, RBU,"
          + " virtual file systems and diagnostic tables.",
      "(fts3|fts5|rtree|geopoly|csv|rbu|vtab|dbstat|dbpage|bytecodevtab|stmt|series|spellfix1"
          + "|swarmvtab|unionvtab|zipfile|sqlar|completion|imposter|uintcseq|cksumvfs)"),
  INTERNALS(
      "sqlite.org/internals",
      "How SQLite works inside: file format, virtual machine, atomic commit, locking, write-ahead"
          + " log, memory allocation, testing and recovery.",
      "(fileformat2|vdbe|opcode|arch|atomiccommit|wal|walformat|lockingv3|malloc|pgszchng2016|testing"
          + "|th3|tempfiles|howtocorrupt|howitworks|mmap|psow|isolation|memstat|recovery|security"
          + "|formatchng|fasterthanfs|intern-v-extern-blob|cpu|footprint|debugging|lemon|assert"
          + "|nulinstr|versionnumbers|privatebranch|undoredo|transactional)"),
  TOOLS(
      "sqlite.org/tools",
      "Programs around SQLite: the command line shell, the database analyzer, sqldiff, dbhash, and"
          + " the Tcl interface.",
      "(cli|sqldiff|sqlanalyze|dbhash|tclsqlite|sqlite|quickstart|getthecode)"),
  RELEASES(
      "sqlite.org/releaselog",
      "What changed in each release of SQLite since 2000, and the news about them.",
      "(releaselog/.*|news|oldnews|chronology|version3|cves)"),
  GUIDES(
      "sqlite.org/guides",
      "Everything else about SQLite: what it is for, what sets it apart, who makes it, and how it"
          + " is supported.",
      ".*");

  /** Indexes and lists of links, and pages that hold all the text of others once more. */
  private static final Set<String> SKIPPED =
      Set.of(
          "capi3ref",
          "session",
          "session/session",
          "changes",
          "fileformat",
          "requirements",
          "doc_backlink_crossref",
          "doc_keyword_crossref",
          "doc_pagelink_crossref",
          "doc_target_crossref",
          "keyword_index",
          "sitemap",
          "doclist",
          "docs",
          "toc",
          "index",
          "syntaxdiagrams",
          "lang",
          "download",
          "consortium_agreement-20071201",
          "c3ref/constlist",
          "c3ref/funclist",
          "c3ref/objlist",
          "c3ref/intro",
          "session/constlist",
          "session/funclist",
          "session/objlist");

  private final String sourceId;
  private final String summary;
  private final Pattern pages;

  DocArea(String sourceId, String summary, String pages) {
    this.sourceId = sourceId;
    this.summary = summary;
    this.pages = Pattern.compile(pages);
  }

  /** Whether the page at a path without its ending is text of its own. */
  static boolean takes(String page) {
    return !SKIPPED.contains(page) && !page.startsWith("syntax/");
  }

  static DocArea of(String page) {
    for (DocArea area : values()) {
      if (area.pages.matcher(page).matches()) {
        return area;
      }
    }
    return GUIDES;
  }

  String sourceId() {
    return sourceId;
  }

  String summary() {
    return summary;
  }
}
