// The kinds of things in PostgreSQL that carry rights, with where their names, their access lists and their owners stand.
// Only data, written into the one query of rights.ts; nothing here comes from outside.

export interface Catalog {
  readonly kind: string;
  readonly from: string;
  readonly name: string;
  readonly acl: string;
  /** Where things of this kind have an owner, who may do everything with them. */
  readonly owner?: string;
}

// Temporary things come and go with sessions and say nothing of a role.
const LASTING = "n.nspname !~ '^pg_(toast_)?temp_'";

export const CATALOGS: readonly Catalog[] = [
  {
    kind: 'relation',
    from: `pg_class o JOIN pg_namespace n ON n.oid = o.relnamespace AND ${LASTING}`,
    name: "format('%I.%I', n.nspname, o.relname)",
    acl: 'o.relacl',
    owner: 'o.relowner',
  },
  {
    kind: 'column',
    from: `pg_attribute a JOIN pg_class o ON o.oid = a.attrelid JOIN pg_namespace n ON n.oid = o.relnamespace AND ${LASTING}`,
    name: "format('%I.%I.%I', n.nspname, o.relname, a.attname)",
    acl: 'a.attacl',
  },
  {
    kind: 'routine',
    from: `pg_proc o JOIN pg_namespace n ON n.oid = o.pronamespace AND ${LASTING}`,
    name: "format('%I.%I(%s)', n.nspname, o.proname, pg_get_function_identity_arguments(o.oid))",
    acl: 'o.proacl',
    owner: 'o.proowner',
  },
  {
    kind: 'type',
    from: `pg_type o JOIN pg_namespace n ON n.oid = o.typnamespace AND ${LASTING}`,
    name: "format('%I.%I', n.nspname, o.typname)",
    acl: 'o.typacl',
    owner: 'o.typowner',
  },
  {
    kind: 'schema',
    from: `(SELECT n.*, n.oid AS id FROM pg_namespace n WHERE ${LASTING}) o`,
    name: 'quote_ident(o.nspname)',
    acl: 'o.nspacl',
    owner: 'o.nspowner',
  },
  { kind: 'database', from: 'pg_database o', name: 'quote_ident(o.datname)', acl: 'o.datacl', owner: 'o.datdba' },
  { kind: 'language', from: 'pg_language o', name: 'quote_ident(o.lanname)', acl: 'o.lanacl', owner: 'o.lanowner' },
  { kind: 'tablespace', from: 'pg_tablespace o', name: 'quote_ident(o.spcname)', acl: 'o.spcacl', owner: 'o.spcowner' },
  {
    kind: 'foreign wrapper',
    from: 'pg_foreign_data_wrapper o',
    name: 'quote_ident(o.fdwname)',
    acl: 'o.fdwacl',
    owner: 'o.fdwowner',
  },
  {
    kind: 'foreign server',
    from: 'pg_foreign_server o',
    name: 'quote_ident(o.srvname)',
    acl: 'o.srvacl',
    owner: 'o.srvowner',
  },
  {
    kind: 'large object',
    from: 'pg_largeobject_metadata o',
    name: 'o.oid::text',
    acl: 'o.lomacl',
    owner: 'o.lomowner',
  },
  { kind: 'parameter', from: 'pg_parameter_acl o', name: 'quote_ident(o.parname)', acl: 'o.paracl' },
  {
    kind: 'default',
    from: 'pg_default_acl o LEFT JOIN pg_namespace n ON n.oid = o.defaclnamespace',
    name: "concat_ws(' ', pg_get_userbyid(o.defaclrole), coalesce(n.nspname, '*'), o.defaclobjtype)",
    acl: 'o.defaclacl',
  },
];
