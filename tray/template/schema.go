package template

import _ "embed" // for schemaJSON

//go:embed schema.json
var schemaJSON string

// JSONSchema returns the JSON Schema (draft 2020-12) of the YAML form, for
// editors: they complete keys and underline mistakes while one writes. It knows
// the form only; what names refer to and what expressions mean is checked by
// [Load].
func JSONSchema() []byte { return []byte(schemaJSON) }
