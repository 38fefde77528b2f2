package tray

import (
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"
)

// prudence holds the bounds that are no part of the format: they may change, and
// no log or file becomes invalid. A bound is here, in within, or in SPEC.md.
var prudence = map[string]string{
	"fsm.maxProblems":       "what is reported",
	"rules.maxCost":         "what is admitted",
	"rules.maxRun":          "what is run",
	"rules.maxMessage":      "what is shown",
	"rules.maxDiagnostics":  "what is reported",
	"rules.maxCircle":       "what is reported",
	"rules.maxViolations":   "what is reported",
	"section.MaxProblems":   "what is reported",
	"section.MaxProof":      "a proof is no part of a tray",
	"section.maxScalar":     "longer than every accepted spelling",
	"section.maxSteps":      "longer than every path that leads to a field",
	"sign.maxHeader":        "follows from MaxKind",
	"sign.MaxKind":          "kinds are constants of a program",
	"sign.MaxLine":          "follows from MaxPayload and MaxKind",
	"sign.MaxKeyText":       "texts of keys that are no part of a tray",
	"sign.MaxKeyFile":       "a file that is no part of a tray",
	"sign.MaxComment":       "a file that is no part of a tray",
	"sign.MaxKDFRounds":     "a file that is no part of a tray",
	"sign.maxCachedKeys":    "memory",
	"sign.maxBatch":         "memory",
	"sign.maxBatchBytes":    "memory",
	"sign.maxBatches":       "memory",
	"sign.maxAhead":         "memory",
	"sign.maxAheadBytes":    "memory",
	"store.maxTails":        "memory",
	"store.maxOffsets":      "memory",
	"store.maxFeedLine":     "how a store keeps its files",
	"template.maxNeed":      "what is admitted",
	"template.maxAhead":     "what is reported",
	"template.maxProblems":  "what is reported",
	"tray.maxShares":        "what a client makes",
	"tray.maxShareNames":    "what a client makes",
	"tray.maxAttested":      "what a client makes",
	"tray.maxFieldBlockers": "what is told",
	"tray.maxCorrection":    "what a client believes",
	"tray.maxSnapshot":      "a participant's own file",
	"tray.maxArchiveName":   "follows from the names of blobs",
}

// within names, for a bound that nothing in a tray comes to, the one in SPEC.md
// that is as narrow or narrower.
var within = map[string]string{
	"fsm.MaxStates":         "template.maxStates",
	"fsm.MaxEvents":         "template.maxEvents",
	"fsm.MaxName":           "template.maxName",
	"rules.maxSections":     "template.maxSections",
	"rules.maxFields":       "template.maxFields",
	"rules.maxRules":        "template.maxRules",
	"rules.maxHolidays":     "template.maxHolidays",
	"rules.maxChoices":      "section.MaxChoices",
	"rules.maxCurrencies":   "section.MaxCurrencies",
	"rules.maxNesting":      "section.MaxNesting",
	"rules.maxText":         "section.MaxText",
	"rules.maxList":         "section.MaxItems",
	"rules.defaultText":     "section.DefaultText",
	"rules.defaultList":     "section.DefaultItems",
	"rules.maxDigits":       "section.MaxDigits",
	"rules.maxScale":        "section.MaxScale",
	"rules.maxInteger":      "section.MaxInteger",
	"rules.maxDurationDays": "section.MaxDays",
	"section.MaxChoiceName": "rules.maxChoiceName",
	"sign.MaxPayload":       "entry.MaxPayload",
	"template.maxNamed":     "template.maxSections",
}

// The limits in SPEC.md are the constants of the code, and all that are frozen
// stand there.
func TestSpecLimits(t *testing.T) {
	files, err := filepath.Glob("../*/limits.go")
	if err != nil {
		t.Fatal(err)
	}
	below, err := filepath.Glob("../*/*/limits.go")
	if err != nil {
		t.Fatal(err)
	}
	values := make(map[string]int64)
	bounds := make(map[string]bool)
	packages := 0
	for _, file := range append(files, below...) {
		pkg := filepath.Base(filepath.Dir(file))
		if pkg == "rulestest" { // files of tests are no part of a tray
			continue
		}
		packages++
		for name, value := range constantsOf(t, file) {
			name = pkg + "." + name
			bounds[name] = bound.MatchString(name)
			if value != nil {
				values[name] = *value
			}
		}
	}
	values["tray.maxInviteTime"] = int64(maxInviteTime / (24 * time.Hour)) // in days

	told := make(map[string]bool)
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z]+\\.[A-Za-z]+)` \\| ([0-9]+) \\|").FindAllStringSubmatch(readSpec(t), -1) {
		want, ok := values[row[1]]
		if got, err := strconv.ParseInt(row[2], 10, 64); err != nil || !ok || got != want {
			t.Errorf("SPEC.md says that %s is %s; it is %d", row[1], row[2], want)
		}
		if told[row[1]] {
			t.Errorf("%s stands twice", row[1])
		}
		told[row[1]] = true
	}
	for name, other := range within {
		if wide, ok := values[name]; !ok || !told[other] || wide < values[other] {
			t.Errorf("%s, %d, is not implied by %s, %d", name, wide, other, values[other])
		}
	}
	for name := range prudence {
		if !bounds[name] {
			t.Errorf("%s is no bound any more", name)
		}
	}
	for name, is := range bounds {
		places := 0
		for _, here := range []bool{told[name], prudence[name] != "", within[name] != ""} {
			if here {
				places++
			}
		}
		if is && places != 1 {
			t.Errorf("%s has to stand in SPEC.md, in prudence or in within: it is in %d of them", name, places)
		}
	}
	t.Logf("%d limits in SPEC.md, %d within them, %d of prudence, in %d packages", len(told), len(within), len(prudence), packages)
	if len(told) < 70 || packages < 8 {
		t.Error("too few limits")
	}
}

// bound matches the names of constants that bound something.
var bound = regexp.MustCompile(`\.(?i:max|min|default)[A-Z]`)

// constantsOf gives the constants of a source file, with the value of integers
// that need nothing but each other.
func constantsOf(t *testing.T, file string) map[string]*int64 {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	f.Imports = nil
	info := &types.Info{Defs: make(map[*ast.Ident]types.Object)}
	conf := types.Config{Error: func(error) {}} // what the file alone does not tell is left out
	_, _ = conf.Check(file, fset, []*ast.File{f}, info)
	out := make(map[string]*int64)
	for id, obj := range info.Defs {
		c, ok := obj.(*types.Const)
		if !ok {
			continue
		}
		out[id.Name] = nil
		if c.Val().Kind() == constant.Int {
			if v, exact := constant.Int64Val(c.Val()); exact {
				out[id.Name] = &v
			}
		}
	}
	if len(out) == 0 {
		t.Fatalf("no constants in %s", file)
	}
	return out
}
