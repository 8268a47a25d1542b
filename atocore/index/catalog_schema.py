"""The tables of the catalog, their indexes, and the number of their format."""

from __future__ import annotations

FORMAT = 20
"""Raised whenever what a row says, or a passage, changes: an older generation is then built anew."""

SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files (
  realm INTEGER NOT NULL, path TEXT NOT NULL, oid TEXT NOT NULL, signature TEXT NOT NULL, raw BLOB,
  id TEXT NOT NULL, kind TEXT NOT NULL, type TEXT NOT NULL, status TEXT NOT NULL, project TEXT NOT NULL,
  created TEXT NOT NULL, slot TEXT NOT NULL, scope TEXT NOT NULL, thing TEXT NOT NULL,
  statement TEXT NOT NULL, wording TEXT NOT NULL, problems TEXT NOT NULL, brief TEXT NOT NULL,
  ties INTEGER NOT NULL,
  owner INTEGER NOT NULL DEFAULT 1, distrusted INTEGER NOT NULL DEFAULT 0, decided TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (realm, path)
);
CREATE TABLE refs (path TEXT NOT NULL, target TEXT NOT NULL, PRIMARY KEY (target, path)) WITHOUT ROWID;
CREATE TABLE link_names (path TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (name, path)) WITHOUT ROWID;
CREATE TABLE proposers (path TEXT NOT NULL, family TEXT NOT NULL, name TEXT NOT NULL, outcome TEXT NOT NULL,
  PRIMARY KEY (path, family)) WITHOUT ROWID;
CREATE TABLE names (path TEXT NOT NULL, scope TEXT NOT NULL, name TEXT NOT NULL, own TEXT NOT NULL,
  PRIMARY KEY (path, name)) WITHOUT ROWID;
CREATE TABLE odd (realm INTEGER NOT NULL, path TEXT NOT NULL, mode TEXT NOT NULL, PRIMARY KEY (realm, path));
CREATE TABLE unknown (realm INTEGER NOT NULL, path TEXT NOT NULL, reason TEXT NOT NULL,
  PRIMARY KEY (realm, path)) WITHOUT ROWID;
CREATE TABLE failed (realm INTEGER NOT NULL, path TEXT NOT NULL, reason TEXT NOT NULL,
  PRIMARY KEY (realm, path)) WITHOUT ROWID;
CREATE TABLE pending (part TEXT NOT NULL, realm INTEGER NOT NULL, path TEXT NOT NULL, mark INTEGER NOT NULL,
  PRIMARY KEY (part, realm, path)) WITHOUT ROWID;
"""
INDEXES = {
    "files_id": "files (realm, id, path)",
    "files_slot": "files (realm, slot, id, status) WHERE slot != ''",
    "files_thing": "files (realm, thing) WHERE thing != ''",
    "files_scope": "files (realm, scope) WHERE scope != ''",
    "names_name": "names (name)",
    "names_own": "names (own)",
    "names_scope": "names (scope)",
    "files_statement": "files (realm, statement, id) WHERE statement != ''",
    "files_wording": "files (realm, wording, id) WHERE wording != ''",
    "files_kind": "files (realm, kind, status, project)",
    "files_brief": "files (realm, kind, id, type, status, project, path, owner, distrusted, brief)",
    "files_created": "files (created) WHERE created != ''",
    "files_flawed": "files (realm, path) WHERE problems != '[]' OR owner = 0 OR distrusted = 1",
    "refs_path": "refs (path)",
    "link_names_path": "link_names (path)",
}
WHERE_PARTS_CAN_BE = {
    "steps": (
        "ties = 1 OR id IN (SELECT r.target FROM files t JOIN refs r ON r.path = t.path "
        "WHERE t.realm = 0 AND t.ties = 1)"
    ),
    "conflicts": (
        "kind = 'conflict' OR slot IN (SELECT slot FROM files WHERE realm = 0 AND slot != '' "
        "AND status = 'active' GROUP BY slot HAVING count(*) > 1) "
        "OR thing IN (SELECT name FROM names WHERE name != own AND scope != char(10)) "
        "OR scope IN (SELECT name FROM names WHERE name != own AND scope = char(10)) "
        "OR wording IN (SELECT wording FROM files WHERE realm = 0 AND wording != '' "
        "GROUP BY wording HAVING count(*) > 1)"
    ),
    "extract": "kind = 'interaction' AND path LIKE 'captures/%'",
    "reinforce": "kind = 'interaction' AND path LIKE 'captures/%'",
}
"""Of a vault that was read as a whole, where hand-made steps can lack something, conflicts can be, and
captures are."""
