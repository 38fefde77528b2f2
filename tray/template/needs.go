package template

import "slices"

// unused warns of what the template takes from the application and does not use.
func (j *judge) unused() {
	used := func(name string) bool {
		return slices.ContainsFunc(j.def.Conditions, func(c Condition) bool { return slices.Contains(c.Needs, name) })
	}
	for _, f := range j.def.Needs.Functions {
		if !used(f.Name) {
			j.warnings.add(join("needs.functions", f.Name), CodeReference, "no condition calls this function")
		}
	}
	for i, name := range j.def.Needs.Formats {
		if !used(name) {
			j.warnings.add(element("needs.formats", i, "", false), CodeReference, "no field has this format")
		}
	}
}
