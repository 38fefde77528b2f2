package template

import (
	"slices"
	"strings"

	"github.com/vassoio/vassoio/rules"
)

// translations warns of texts that lack a language which others have: whoever
// reads a form in it would meet another in between.
func (j *judge) translations() {
	used := map[string]bool{}
	j.eachText(func(_ string, t rules.Text) {
		for lang := range t {
			used[lang] = true
		}
	})
	var all []string
	for lang := range used {
		all = append(all, lang)
	}
	slices.Sort(all)
	j.eachText(func(path string, t rules.Text) {
		missing := slices.DeleteFunc(slices.Clone(all), func(lang string) bool { return t[lang] != "" })
		if len(t) > 0 && len(missing) > 0 {
			j.warnings.add(path, CodeLanguage, "the text is missing in %s", strings.Join(missing, ", "))
		}
	})
}

// eachText calls f for every text of the template.
func (t *Template) eachText(f func(path string, t rules.Text)) {
	f("title", t.def.Title)
	for _, r := range t.def.Roles {
		f("roles."+r.Name+".title", r.Title)
	}
	for _, s := range t.def.Sections {
		f("sections."+s.Name+".title", s.Title)
		fieldTexts("sections."+s.Name+".fields", s.Fields, f)
	}
	for _, r := range t.def.Rules {
		f("rules."+r.ID+".message", r.Message)
	}
	for _, s := range t.def.Signatures {
		f("signatures."+s.Name+".title", s.Title)
		f("signatures."+s.Name+".declare", s.Declare)
	}
	for _, s := range t.def.Lifecycle.States {
		f("lifecycle.states."+s.Name+".title", s.Title)
	}
	for _, e := range t.def.Lifecycle.Events {
		f("lifecycle.events."+e.Name+".title", e.Title)
	}
}

func fieldTexts(path string, fields []rules.Field, f func(path string, t rules.Text)) {
	for _, field := range fields {
		at := path + "." + field.Name
		f(at+".title", field.Title)
		f(at+".help", field.Help)
		f(at+".message", field.Message)
		for i, c := range field.Choices {
			f(element(at+".choices", i, c.Name, false)+".title", c.Title)
		}
		fieldTexts(at+".fields", field.Fields, f)
		if field.Of != nil {
			fieldTexts(at+".of", field.Of.Fields, f)
			f(at+".of.message", field.Of.Message)
		}
	}
}
