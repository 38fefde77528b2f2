package template

// SectionIndex is the place of a section among the sections, -1 if there is
// none of that name.
func (t *Template) SectionIndex(name string) int { return placeIn(t.sections, name) }

// ConditionIndex is the place of a condition in the table, -1 if there is none
// of that id.
func (t *Template) ConditionIndex(id string) int { return placeIn(t.conditions, id) }

func placeIn(places map[string]int, name string) int {
	if i, ok := places[name]; ok {
		return i
	}
	return -1
}
