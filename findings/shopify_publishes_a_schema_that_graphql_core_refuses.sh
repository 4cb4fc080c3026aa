#!/usr/bin/env bash
# graphql-core 3.3.2, @shopify/dev-mcp 1.16.0: Shopify's published schema of 2026-10 is refused before a query is looked at.
#
# The package carries the schemas of the Admin API as introspection results. graphql-core reads one, but `validate`
# raises TypeError for every query: since the specification of September 2025 a field must not be deprecated where the
# field of the interface that it implements is not, and Shopify deprecates `ChannelDefinition.id` though `Node.id` stays.
# Whoever checks queries against it has to build the schema with `assume_valid=True`; queries are checked all the same.
#
# Output seen:
#   as it is: TypeError, Interface field Node.id is not deprecated, so implementation field ChannelDefinition.id must not be deprecated.
#   assumed to be valid, a good query: no errors
#   assumed to be valid, a bad query: Cannot query field 'nme' on type 'Shop'. Did you mean 'name'?
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'graphql-core==3.3.2'
npm pack --silent --pack-destination "$folder" '@shopify/dev-mcp@1.16.0' > "$folder/name"
tar -xzf "$folder/$(cat "$folder/name")" -C "$folder" package/dist/data/admin_2026-10.json.gz
"$folder/venv/bin/python" - "$folder/package/dist/data/admin_2026-10.json.gz" > "$folder/output" <<'PYTHON'
import gzip
import json
import sys

from graphql import build_client_schema, parse, validate

published = json.load(gzip.open(sys.argv[1]))["data"]
try:
    validate(build_client_schema(published), parse("{ shop { name } }"))
except TypeError as error:
    print("as it is: TypeError,", str(error).splitlines()[0])
schema = build_client_schema(published, assume_valid=True)
for word, query in (("good", "{ shop { name } }"), ("bad", "{ shop { nme } }")):
    errors = [error.message for error in validate(schema, parse(query))]
    print(f"assumed to be valid, a {word} query:", "; ".join(errors) or "no errors")
PYTHON
cat "$folder/output"
diff "$folder/output" - <<'SEEN'
as it is: TypeError, Interface field Node.id is not deprecated, so implementation field ChannelDefinition.id must not be deprecated.
assumed to be valid, a good query: no errors
assumed to be valid, a bad query: Cannot query field 'nme' on type 'Shop'. Did you mean 'name'?
SEEN
