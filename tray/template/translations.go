package template

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/vassoio/vassoio/rules"
)

// translations warns of texts that lack a language which others have: whoever
// reads a form in it would meet another in between. A language that is written
// near one of the others, and stands in one text alone, is meant for that.
func (j *judge) translations() {
	used := map[string]int{}
	j.eachText(func(_ string, t rules.Text) {
		for lang := range t {
			used[lang]++
		}
	})
	all := slices.Sorted(maps.Keys(used))
	slips := map[string]string{}
	for _, lang := range all {
		others := slices.DeleteFunc(slices.Clone(all), func(o string) bool { return used[o] < 3 })
		if used[lang] == 1 {
			slips[lang] = didYouMean(lang, others)
		}
	}
	all = slices.DeleteFunc(all, func(lang string) bool { return slips[lang] != "" })
	j.eachText(func(path string, t rules.Text) {
		for _, lang := range slices.Sorted(maps.Keys(t)) {
			if advice := slips[lang]; advice != "" {
				j.warnings.suggest(path, CodeLanguage, advice, "no other text is in %s", lang)
				return
			}
		}
		missing := slices.DeleteFunc(slices.Clone(all), func(lang string) bool { return t[lang] != "" })
		if len(t) > 0 && len(missing) > 0 {
			advice := ""
			if len(t) == 1 && t["en"] != "" {
				advice = fmt.Sprintf("a text without a language is English: where it reads the same in %s, write it there, too", missing[0])
			}
			j.warnings.suggest(path, CodeLanguage, advice, "the text is missing in %s", strings.Join(missing, ", "))
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
