package rules

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFormatVectors compares the checks with the verdicts of an independent
// implementation; testdata/formats/README.md says how they were made.
func TestFormatVectors(t *testing.T) {
	files, err := filepath.Glob("testdata/formats/*.csv")
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".csv")
		t.Run(name, func(t *testing.T) {
			f, ok := formatByName(name)
			if !ok {
				t.Fatalf("no format %s", name)
			}
			valid, invalid := 0, 0
			for _, row := range readVectors(t, file) {
				want := row[1] == "true"
				if want {
					valid++
				} else {
					invalid++
				}
				if f.check(row[0]) != want {
					t.Errorf("%+q: got %v, want %v", row[0], !want, want)
				}
			}
			if valid < 100 || invalid < 500 {
				t.Errorf("only %d valid and %d invalid values", valid, invalid)
			}
			t.Logf("%d valid and %d invalid values", valid, invalid)
			total += valid + invalid
		})
	}
	if len(files) != 5 || total < 15_000 {
		t.Errorf("%d files with %d values", len(files), total)
	}
}

// readVectors returns the rows of a file of vectors, each a value and its verdict.
func readVectors(t testing.TB, file string) [][]string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = 2
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) == 0 || rows[0][0] != "value" || rows[0][1] != "valid" {
		t.Fatalf("%s: no header", file)
	}
	for _, row := range rows[1:] {
		if row[1] != "true" && row[1] != "false" {
			t.Fatalf("%s: verdict %q", file, row[1])
		}
	}
	return rows[1:]
}
