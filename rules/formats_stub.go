package rules

import "cel.dev/cel-go/cel"

type format struct {
	name     string
	check    func(string) bool
	describe map[string]string
}

func formatByName(string) (format, bool) { return format{}, false }
func formatNames() []string              { return nil }
func formatFunctions() []cel.EnvOption   { return nil }
